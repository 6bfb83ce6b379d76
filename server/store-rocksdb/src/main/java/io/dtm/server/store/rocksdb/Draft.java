package io.dtm.server.store.rocksdb;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.kit.Head;
import io.dtm.server.store.kit.RecordChange;
import org.jspecify.annotations.Nullable;

/**
 * What the commands of one batch make of one transaction: each command sees the ones before it, and
 * only the last state is written. Not thread-safe.
 */
final class Draft {
  private final @Nullable Head stored;
  private @Nullable GlobalTransaction latest;
  private boolean redefined;

  /** What is stored before the batch; null: nothing. */
  Draft(@Nullable Head stored) {
    this.stored = stored;
  }

  @Nullable Head stored() {
    return stored;
  }

  /** What commands of this batch have made of it; null: nothing yet. */
  @Nullable GlobalTransaction latest() {
    return latest;
  }

  boolean isRedefined() {
    return redefined;
  }

  boolean exists() {
    return stored != null || latest != null;
  }

  void create(GlobalTransaction transaction) {
    latest = transaction;
  }

  /** Whether the update was made from the version that is there. */
  boolean accepts(GlobalTransaction before) {
    var current = latest;
    if (current != null) {
      return current.version() == before.version();
    }
    // The gid may have been deleted and taken again since, and versions begin anew with each life.
    return stored != null
        && stored.version() == before.version()
        && stored.createdAt().equals(before.definition().createdAt());
  }

  void update(WriteCommand.Update update) {
    redefined |= RecordChange.redefines(update.before(), update.after());
    latest = update.after();
  }
}
