package io.dtm.server.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a transaction got: the small part that is rewritten with every update.
 *
 * @param version one higher with every write; a write made from an older version loses
 * @param finishedAt when the status became final; null before
 * @param rollbackReason why it turned back or was stopped; empty when it did not
 * @param result what a workflow returned; empty otherwise
 */
public record TransactionProgress(
    TransactionStatus status,
    long version,
    Schedule schedule,
    Instant updatedAt,
    @Nullable Instant finishedAt,
    String rollbackReason,
    String result) {

  public TransactionProgress {
    if (status.isFinal() != (finishedAt != null)) {
      throw new IllegalArgumentException(
          "finishedAt: %s with status %s (expected: present exactly when the status is final)"
              .formatted(finishedAt, status));
    }
  }
}
