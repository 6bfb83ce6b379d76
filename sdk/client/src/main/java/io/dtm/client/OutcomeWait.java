package io.dtm.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again how a transaction stands, until it has ended or the time is up. One per
 * question; whoever has the future may cancel it.
 */
final class OutcomeWait {
  private static final Duration POLL_FIRST = Duration.ofMillis(50);
  private static final Duration POLL_MAX = Duration.ofSeconds(1);

  private final Commands commands;
  private final Waiting waiting;
  private final String gid;
  private final Duration timeout;
  private final long start;
  private final CompletableFuture<TransactionState> outcome = new CompletableFuture<>();
  private Duration pause = POLL_FIRST;

  private OutcomeWait(Commands commands, Waiting waiting, String gid, Duration timeout) {
    this.commands = commands;
    this.waiting = waiting;
    this.gid = gid;
    this.timeout = timeout;
    this.start = waiting.nanoTime();
  }

  static CompletableFuture<TransactionState> start(
      Commands commands, Waiting waiting, String gid, Duration timeout) {
    var wait = new OutcomeWait(commands, waiting, gid, timeout);
    wait.ask();
    return wait.outcome;
  }

  private void ask() {
    if (!outcome.isDone()) {
      var unused = commands.query(gid).whenComplete(this::consider);
    }
  }

  private void consider(@Nullable TransactionState state, @Nullable Throwable failure) {
    var left = timeout.minusNanos(waiting.nanoTime() - start);
    var isLast = left.isNegative() || left.isZero();
    if (failure != null) {
      var cause = Failures.cause(failure);
      if (isLast || !(cause instanceof TransactionManagerUnavailable)) {
        outcome.completeExceptionally(cause);
        return;
      }
    } else if (state != null && (isLast || state.isFinal())) {
      outcome.complete(state);
      return;
    }
    var next = waiting.pause(shorter(pause, left));
    pause = shorter(pause.multipliedBy(3).dividedBy(2), POLL_MAX);
    var unused = next.thenRun(this::ask);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
