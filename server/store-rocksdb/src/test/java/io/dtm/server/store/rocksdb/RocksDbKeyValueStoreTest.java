package io.dtm.server.store.rocksdb;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

final class RocksDbKeyValueStoreTest extends KeyValueStoreContract {
  @TempDir private Path folder;

  @Override
  protected KeyValueStore open(InstantSource clock) {
    return RocksDbTransactionStore.open(folder, clock, RocksDbStoreConfig.defaults());
  }

  @Override
  protected void close(KeyValueStore store) {
    ((RocksDbTransactionStore) store).close();
  }
}
