package io.dtm.server.store.rocksdb;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.kit.Head;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** The inside of a store, laid open for tests that count what RocksDB does. For one thread. */
final class Tables implements AutoCloseable {
  final Database database;
  final TimeIndex due = new TimeIndex(Table.DUE);
  final TimeIndexes indexes = TimeIndexes.create();
  final TransactionTables tables = new TransactionTables(indexes);
  final Scans scans;

  Tables(Path folder) throws RocksDBException {
    NativeLibrary.load(folder.resolve("native"));
    database = new Database(folder.resolve("db"), RocksDbStoreConfig.defaults());
    scans = new Scans(new WriteLock(), indexes, tables, new TransactionReader(folder, tables));
  }

  /** Writes transactions in place of others, or of nothing. */
  void replace(@Nullable List<GlobalTransaction> before, List<GlobalTransaction> after)
      throws RocksDBException {
    try (var batch = new WriteBatch()) {
      for (int i = 0; i < after.size(); i++) {
        var old = before == null ? null : Head.of(before.get(i), before.get(i).branches().size());
        tables.put(database, batch, old, after.get(i), false);
      }
      database.write(batch);
    }
  }

  /** Something to be counted. */
  @FunctionalInterface
  interface Work {
    void run() throws RocksDBException;
  }

  /** How many deletion marks the work steps over. */
  long deletionsSteppedOver(Work work) throws RocksDBException {
    var db = database.rocksDb();
    db.setPerfLevel(PerfLevel.ENABLE_COUNT);
    try {
      long before = db.getPerfContext().getInternalDeleteSkippedCount();
      work.run();
      return db.getPerfContext().getInternalDeleteSkippedCount() - before;
    } finally {
      db.setPerfLevel(PerfLevel.DISABLE);
    }
  }

  @Override
  public void close() throws RocksDBException {
    database.close();
  }
}
