package io.dtm.testing.store.testkit;

import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionStore;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Everything a {@link TransactionStore} must do. A store's test extends it and says how the store
 * is opened; each test starts with an empty one.
 */
public abstract class TransactionStoreContract
    implements WriteBehaviour,
        RaceBehaviour,
        DueBehaviour,
        ListBehaviour,
        ParkedBehaviour,
        UnreadableBehaviour,
        TooLargeBehaviour,
        RetentionBehaviour,
        ReopenBehaviour {
  private final SettableClock clock = new SettableClock();
  private @Nullable TransactionStore store;

  /**
   * Opens the store of the running test: empty at the first call, and with what the one before left
   * behind at the next, which comes after {@link TransactionStore#close}.
   */
  protected abstract TransactionStore open(InstantSource clock) throws Exception;

  /** Whether a store that was closed and opened again still has its content. */
  @Override
  public boolean survivesReopen() {
    return true;
  }

  /** A payload that no transaction of the store can have; empty: there is no such limit. */
  @Override
  public OptionalInt tooManyBytes() {
    return OptionalInt.empty();
  }

  /**
   * Puts the byte 99, the format of a server to come, in place of the progress records of some
   * transactions. The store is closed meanwhile. A store that forgets everything is never asked.
   */
  protected abstract void makeUnreadable(List<Gid> gids) throws Exception;

  @BeforeEach
  public final void openStore() throws Exception {
    store = open(clock);
  }

  @AfterEach
  public final void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  @Override
  public final void reopen() throws Exception {
    closeStore();
    openStore();
  }

  @Override
  public final void reopenWithUnreadable(List<Gid> gids) throws Exception {
    closeStore();
    makeUnreadable(gids);
    openStore();
  }

  @Override
  public final TransactionStore store() {
    if (store == null) {
      throw new IllegalStateException("the store is not open");
    }
    return store;
  }

  @Override
  public final SettableClock clock() {
    return clock;
  }
}
