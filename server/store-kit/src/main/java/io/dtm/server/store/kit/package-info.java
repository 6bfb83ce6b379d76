/**
 * What stores share: the records a transaction is kept as, the waves a batch of writes is carried
 * out in, whole microseconds for the columns that are compared, and the clock of a server that many
 * nodes use.
 */
@NullMarked
package io.dtm.server.store.kit;

import org.jspecify.annotations.NullMarked;
