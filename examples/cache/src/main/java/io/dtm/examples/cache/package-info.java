/**
 * A service whose prices stand in a database and in a cache: {@link
 * io.dtm.examples.cache.PriceList} changes both by a message, so that no crash in between leaves an
 * old price in the cache.
 */
@NullMarked
package io.dtm.examples.cache;

import org.jspecify.annotations.NullMarked;
