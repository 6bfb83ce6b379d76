@NullMarked
package io.dtm.server.api;

import org.jspecify.annotations.NullMarked;
