package io.dtm.server.store.memory;

import io.dtm.server.core.KeyValueStore;
import io.dtm.testing.store.testkit.KeyValueStoreContract;
import java.time.InstantSource;

final class MemoryKeyValueStoreTest extends KeyValueStoreContract {
  @Override
  protected KeyValueStore open(InstantSource clock) {
    return new MemoryTransactionStore(clock);
  }

  @Override
  protected void close(KeyValueStore store) {}

  @Override
  protected boolean survivesReopen() {
    return false;
  }
}
