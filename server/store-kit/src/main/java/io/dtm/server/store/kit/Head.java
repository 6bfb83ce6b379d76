package io.dtm.server.store.kit;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a progress record: enough to decide a race and to find everything else that is
 * stored about the transaction.
 *
 * @param planned how many branches are in the definition record
 * @param appended how many branches have a record of their own
 */
public record Head(
    TransactionStatus status,
    TransactionMode mode,
    long version,
    Instant createdAt,
    int planned,
    int appended,
    Instant dueAt,
    @Nullable Instant finishedAt) {

  public static Head of(GlobalTransaction transaction, int planned) {
    return new Head(
        transaction.status(),
        transaction.mode(),
        transaction.version(),
        transaction.definition().createdAt(),
        planned,
        transaction.branches().size() - planned,
        transaction.schedule().dueAt(),
        transaction.progress().finishedAt());
  }

  /** That of the next version, due at another time. */
  public Head next(Instant nextDueAt) {
    return new Head(status, mode, version + 1, createdAt, planned, appended, nextDueAt, finishedAt);
  }

  public int branches() {
    return planned + appended;
  }
}
