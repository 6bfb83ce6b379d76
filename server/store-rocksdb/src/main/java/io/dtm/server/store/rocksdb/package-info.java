/**
 * A store in a folder of this machine, kept by RocksDB: durable, for one server process. {@link
 * io.dtm.server.store.rocksdb.RocksDbTransactionStore} is the way in; its comment has the layout
 * and the invariants.
 */
@NullMarked
package io.dtm.server.store.rocksdb;

import org.jspecify.annotations.NullMarked;
