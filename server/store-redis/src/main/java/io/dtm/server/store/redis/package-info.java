/**
 * A store on Redis: a single server, one watched by Sentinels, or a cluster. Transactions are
 * spread over 64 groups, each of which lives on one slot, so that every write is one script and
 * atomic; a write that loses its race changes nothing.
 */
@NullMarked
package io.dtm.server.store.redis;

import org.jspecify.annotations.NullMarked;
