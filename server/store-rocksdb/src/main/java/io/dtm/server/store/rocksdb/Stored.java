package io.dtm.server.store.rocksdb;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.kit.Head;

/** A transaction as it is stored, and the head that tells where. */
record Stored(Head head, GlobalTransaction transaction) {}
