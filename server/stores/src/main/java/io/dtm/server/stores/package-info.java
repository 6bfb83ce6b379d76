/** The stores there are: how each is configured, told by a URL, and opened. */
@NullMarked
package io.dtm.server.stores;

import org.jspecify.annotations.NullMarked;
