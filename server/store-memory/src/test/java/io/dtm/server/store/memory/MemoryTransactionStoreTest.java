package io.dtm.server.store.memory;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import io.dtm.testing.store.testkit.TransactionStoreContract;
import java.time.InstantSource;
import java.util.List;

final class MemoryTransactionStoreTest extends TransactionStoreContract {
  @Override
  protected TransactionStore open(InstantSource clock) {
    return new MemoryTransactionStore(clock);
  }

  @Override
  public boolean survivesReopen() {
    return false;
  }

  @Override
  protected void makeUnreadable(List<Gid> gids) {
    throw new UnsupportedOperationException("there are no records");
  }
}
