package io.dtm.server.transfer;

import io.dtm.server.core.Branch;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Makes a transaction of ours out of one of the reference. What an engine of ours could not carry
 * on is refused here: it would stand in the store for ever, or end in a way that nobody asked for.
 */
final class ReferenceMapper {
  /** The reference's pause where a row has none: without one it would be looked at all the time. */
  static final Duration USUAL_INTERVAL = Duration.ofSeconds(10);

  private ReferenceMapper() {}

  /**
   * @param now stands in for times that the row does not have
   * @throws IllegalArgumentException when it cannot be one of ours; the message says why
   */
  static GlobalTransaction map(ReferenceTransaction row, Instant now) {
    var gid = new Gid(row.gid());
    var mode = ReferenceWords.mode(row.transType());
    var status = status(row.status(), mode);
    var options = ReferenceOptions.read(row.options());
    var createdAt = createdAt(row, now);
    var branches = ReferenceBranches.map(row.branches(), mode, createdAt);
    requireBranches(branches, mode, status);
    var definition =
        new TransactionDefinition(
            gid,
            ReferenceSpecs.read(mode, row.customData(), branches.size()),
            ReferenceWords.protocol(row.protocol()),
            options,
            checkBackUrl(row, mode),
            row.customData(),
            createdAt);
    var progress =
        new TransactionProgress(
            status,
            1,
            schedule(row, options, createdAt),
            Objects.requireNonNullElse(row.times().updateTime(), createdAt),
            null,
            row.outcome().rollbackReason(),
            row.outcome().result());
    return new GlobalTransaction(definition, branches, progress);
  }

  private static TransactionStatus status(String word, TransactionMode mode) {
    var status = ReferenceWords.status(word);
    var possible =
        switch (mode) {
          case SAGA, TCC, XA ->
              List.of(
                  TransactionStatus.PREPARED,
                  TransactionStatus.SUBMITTED,
                  TransactionStatus.ABORTING);
          case MESSAGE -> List.of(TransactionStatus.PREPARED, TransactionStatus.SUBMITTED);
          case WORKFLOW -> List.of(TransactionStatus.PREPARED);
        };
    if (!possible.contains(status)) {
      var expected = possible.stream().map(ReferenceWords::of).toList();
      throw new IllegalArgumentException(
          "status: %s (expected, for an unfinished %s: %s)"
              .formatted(word, ReferenceWords.of(mode), String.join(" or ", expected)));
    }
    return status;
  }

  /**
   * Without its branches a transaction would end at once, and succeed. A store that lets records
   * end after a time may have lost them.
   */
  private static void requireBranches(
      List<Branch> branches, TransactionMode mode, TransactionStatus status) {
    var mayHaveNone =
        switch (mode) {
          case SAGA, MESSAGE -> false;
          case TCC, XA -> status == TransactionStatus.PREPARED;
          case WORKFLOW -> true;
        };
    if (branches.isEmpty() && !mayHaveNone) {
      throw new IllegalArgumentException("branches: none (expected: at least one)");
    }
  }

  private static Instant createdAt(ReferenceTransaction row, Instant now) {
    var created = row.times().createTime();
    return created == null ? Objects.requireNonNullElse(row.times().updateTime(), now) : created;
  }

  /** Only these two ask their client anything. */
  private static String checkBackUrl(ReferenceTransaction row, TransactionMode mode) {
    return switch (mode) {
      case MESSAGE, WORKFLOW -> row.queryPrepared();
      case SAGA, TCC, XA -> "";
    };
  }

  /** In nobody's hands: the reference has stopped. Without a due time it is due at once. */
  private static Schedule schedule(
      ReferenceTransaction row, TransactionOptions options, Instant createdAt) {
    var usual = options.retryInterval().isZero() ? USUAL_INTERVAL : options.retryInterval();
    var seconds = row.times().nextCronInterval();
    return new Schedule(
        Objects.requireNonNullElse(row.times().nextCronTime(), createdAt),
        seconds > 0 ? Duration.ofSeconds(seconds) : usual,
        0,
        "");
  }
}
