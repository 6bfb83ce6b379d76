package io.dtm.server.store.rocksdb;

import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbTransactionStoreTest extends TransactionStoreContract {
  @TempDir private Path folder;

  @Override
  protected TransactionStore open(InstantSource clock) {
    return RocksDbTransactionStore.open(folder, clock, RocksDbStoreConfig.defaults());
  }
}
