/**
 * Meters of a cache, for those who have Micrometer: {@link io.dtm.cache.micrometer.CacheMeters}.
 */
@NullMarked
package io.dtm.cache.micrometer;

import org.jspecify.annotations.NullMarked;
