/**
 * A cache in Redis that stays consistent with the database: {@link io.dtm.cache.ConsistentCache}.
 * Whoever changes the database tags the key as deleted afterwards, as a branch of a message or by
 * hand; readers load anew, one at a time for each key. Keys, fields and their meaning are those of
 * the Go library rockscache, so that services in both languages share one cache.
 */
@NullMarked
package io.dtm.cache;

import org.jspecify.annotations.NullMarked;
