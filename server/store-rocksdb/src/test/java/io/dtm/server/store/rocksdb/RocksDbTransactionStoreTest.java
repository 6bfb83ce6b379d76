package io.dtm.server.store.rocksdb;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

final class RocksDbTransactionStoreTest extends TransactionStoreContract {
  @TempDir private Path folder;

  @Override
  protected TransactionStore open(InstantSource clock) {
    return RocksDbTransactionStore.open(folder, clock, RocksDbStoreConfig.defaults());
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) throws RocksDBException {
    try (var database = new Database(folder.resolve("db"), RocksDbStoreConfig.defaults());
        var batch = new WriteBatch()) {
      for (var gid : gids) {
        batch.put(database.handle(Table.PROGRESS), Keys.gid(gid), new byte[] {99});
      }
      database.writeDurably(batch);
    }
  }
}
