@NullMarked
package io.dtm.server.app;

import org.jspecify.annotations.NullMarked;
