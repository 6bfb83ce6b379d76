@NullMarked
package io.dtm.server.stores;

import org.jspecify.annotations.NullMarked;
