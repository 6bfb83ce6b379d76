package io.dtm.server.app;

import io.dtm.server.core.BranchResult;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.LineLimit;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens in the engine to the log, one line each and without payloads. Thread-safe.
 */
final class LoggingListener implements EngineListener {
  /** What participants answer may be long; the store keeps all of it. */
  private static final int ANSWER_LENGTH_MAX = 300;

  /** Without it, one line for each pass while the store is away. */
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger("io.dtm.engine");

  private final LineLimit unavailableLines;

  LoggingListener(InstantSource clock) {
    this.unavailableLines = new LineLimit(BETWEEN_LINES, clock);
  }

  @Override
  public void on(EngineEvent event) {
    switch (event) {
      case EngineEvent.Created created -> created(created.transaction());
      case EngineEvent.Moved moved -> moved(moved.transaction(), moved.from());
      case EngineEvent.BranchCalled called -> called(called);
      case EngineEvent.RetryScheduled retry -> retry(retry);
      case EngineEvent.Parked parked -> parked(parked);
      case EngineEvent.PassLost lost ->
          LOG.debug("{} pass given up: {}", lost.transaction().gid(), lost.why());
      case EngineEvent.DestinationSilent silent ->
          LOG.warn(
              "{} has not answered {} calls in a row, last: {}; calls to it wait, and now and then"
                  + " one is tried",
              silent.destination(),
              silent.failures(),
              shortened(silent.lastFailure()));
      case EngineEvent.DestinationBack back ->
          LOG.info(
              "{} answers again after {} s; {} transactions that wait for it are resumed",
              back.destination(),
              back.silentFor().toSeconds(),
              back.waiting());
      case EngineEvent.Disturbed disturbed -> disturbed(disturbed);
    }
  }

  /** A store that is away is no defect of ours: one line says it all. */
  private void disturbed(EngineEvent.Disturbed disturbed) {
    if (disturbed.cause() instanceof StoreUnavailable unavailable) {
      unavailableLines.write(leftOut ->
          LOG.warn(
              "{} failed, will be tried again ({} others left out): {}",
              disturbed.what(),
              leftOut,
              unavailable.getMessage()));
    } else {
      LOG.error("{} failed", disturbed.what(), disturbed.cause());
    }
  }

  private static void created(GlobalTransaction created) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "{} {} created {} with {} branches",
          created.gid(),
          word(created.mode()),
          word(created.status()),
          created.branches().size());
    }
  }

  private static void moved(GlobalTransaction moved, TransactionStatus from) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    var reason = moved.progress().rollbackReason();
    LOG.info(
        "{} {} {} -> {}{}",
        moved.gid(),
        word(moved.mode()),
        word(from),
        word(moved.status()),
        reason.isEmpty() ? "" : ": " + shortened(reason));
  }

  private static void called(EngineEvent.BranchCalled called) {
    if (!LOG.isDebugEnabled()) {
      return;
    }
    var call = called.call();
    LOG.debug(
        "{} branch {} {} {} after {} ms: {}",
        call.gid(),
        call.branchId(),
        call.operation().name(),
        call.url(),
        called.took().toMillis(),
        inWords(called.result()));
  }

  private static void retry(EngineEvent.RetryScheduled retry) {
    if (LOG.isWarnEnabled()) {
      var transaction = retry.transaction();
      LOG.warn(
          "{} {} unclear answer of {}, retry {} due at {}: {}",
          transaction.gid(),
          word(transaction.mode()),
          retry.url(),
          retry.retryNumber(),
          transaction.schedule().dueAt(),
          shortened(retry.failure()));
    }
  }

  /** The one line of all that somebody has to act upon. */
  private static void parked(EngineEvent.Parked parked) {
    if (LOG.isWarnEnabled()) {
      var transaction = parked.transaction();
      LOG.warn(
          "{} {} PARKED while {}: {}. It is not tried any more. Once the cause is gone:"
              + " ./dtm resume {}",
          transaction.gid(),
          word(transaction.mode()),
          word(transaction.status()),
          shortened(parked.parking().reason()),
          transaction.gid());
    }
  }

  private static String inWords(BranchResult result) {
    return switch (result) {
      case BranchResult.Succeeded ignored -> "succeeded";
      case BranchResult.Ongoing ignored -> "ongoing";
      case BranchResult.Refused refused -> "refused: " + shortened(refused.message());
      case BranchResult.Unclear unclear -> "unclear: " + shortened(unclear.message());
      case BranchResult.Deferred deferred -> "deferred: " + shortened(deferred.message());
    };
  }

  private static String shortened(String text) {
    return text.length() <= ANSWER_LENGTH_MAX ? text : text.substring(0, ANSWER_LENGTH_MAX) + "…";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
