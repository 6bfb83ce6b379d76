package io.dtm.server.engine;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.HostAndPort;
import io.dtm.server.core.Parking;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a transaction that could not be finished is looked at again, if ever. An answer that was
 * unclear makes the pause longer, once for each pass and up to a limit; "still at work" keeps it;
 * progress sets it back to the first one. A call that was not made changes nothing, but its
 * destination may ask for a longer pause. Where a policy has a limit, and it is reached, the
 * transaction is parked.
 */
record RetryRule(
    Duration defaultInterval,
    Duration intervalMax,
    Duration defaultTimeoutToFail,
    RetryPolicies policies) {
  /** With the policy that the reference has: never to give up. */
  RetryRule(Duration defaultInterval, Duration intervalMax, Duration defaultTimeoutToFail) {
    this(defaultInterval, intervalMax, defaultTimeoutToFail, RetryPolicies.none());
  }

  /**
   * The first pause of a transaction: what it asks for, or its time-out where that is shorter than
   * the server's default.
   */
  Duration firstInterval(TransactionOptions options) {
    return firstInterval(options, options.retryInterval());
  }

  private Duration firstInterval(TransactionOptions options, Duration chosen) {
    if (!chosen.isZero()) {
      return chosen;
    }
    var timeout = options.timeoutToFail();
    return timeout.isPositive() && timeout.compareTo(defaultInterval) < 0
        ? timeout
        : defaultInterval;
  }

  /**
   * The age at which a transaction that its client has left alone is turned back or asked for.
   * Sagas have none by default.
   */
  Duration timeoutToFail(TransactionOptions options) {
    return options.timeoutToFail().isZero() ? defaultTimeoutToFail : options.timeoutToFail();
  }

  /** The schedule after a pass that ended unfinished, nobody at work. */
  Schedule after(GlobalTransaction transaction, PassState pass, Instant now) {
    var obstacle = Obstacle.of(transaction, pass);
    var options = transaction.options();
    var policy = policies.of(options.retryPolicy(), obstacle.url());
    var first = firstInterval(options, policy.interval());
    var previous = transaction.schedule();
    boolean beginsAnew =
        pass.hasProgressed()
            || previous.interval().isZero()
            || (previous.failures() == 0 && !policy.interval().equals(options.retryInterval()));
    var interval = beginsAnew ? first : previous.interval();
    var failures = pass.hasProgressed() ? 0 : previous.failures();
    if (pass.hasFailures()) {
      interval = longer(interval, first, policy);
      failures++;
    }
    var since = retryingSince(policy, previous, pass, now);
    var length = interval.compareTo(pass.deferral()) > 0 ? interval : pass.deferral();
    var pause = new Schedule(now.plus(length), interval, failures, "", since, null);
    return limitReached(policy, pause, now)
        .map(limit -> pause.parked(parking(limit, obstacle, now)))
        .orElse(pause);
  }

  /** Kept only where a limit asks for it, so that other records stay as they always were. */
  private static @Nullable Instant retryingSince(
      RetryPolicy policy, Schedule previous, PassState pass, Instant now) {
    if (policy.ageMax().isZero()) {
      return null;
    }
    var since = previous.retryingSince();
    return pass.hasProgressed() || since == null ? now : since;
  }

  /** Which limit of the policy it was, in words; empty when none is reached. */
  private static Optional<String> limitReached(RetryPolicy policy, Schedule pause, Instant now) {
    if (policy.attemptsMax() > 0 && pause.failures() >= policy.attemptsMax()) {
      return Optional.of(
          "failed attempts in a row: %d (at most %d)"
              .formatted(pause.failures(), policy.attemptsMax()));
    }
    var since = pause.retryingSince();
    if (since != null && Duration.between(since, now).compareTo(policy.ageMax()) >= 0) {
      return Optional.of(
          "seconds without progress: %d (at most %d)"
              .formatted(Duration.between(since, now).toSeconds(), policy.ageMax().toSeconds()));
    }
    return Optional.empty();
  }

  private static Parking parking(String limit, Obstacle obstacle, Instant now) {
    return new Parking(
        "%s; %s at %s: %s".formatted(limit, obstacle.what(), obstacle.url(), obstacle.heard()),
        HostAndPort.of(obstacle.url()),
        now);
  }

  /** The schedule of a transaction that waits for its client: looked at less and less often. */
  Schedule idle(GlobalTransaction transaction, Instant now) {
    var previous = transaction.schedule();
    var first = firstInterval(transaction.options());
    var last = previous.interval().isZero() ? first : previous.interval();
    var policy = transaction.options().retryPolicy().completedBy(policies.server());
    var interval = longer(last, first, policy);
    return new Schedule(now.plus(interval), interval, previous.failures(), "");
  }

  private Duration longer(Duration interval, Duration first, RetryPolicy policy) {
    var chosen = policy.intervalMax().isZero() ? intervalMax : policy.intervalMax();
    var max = first.compareTo(chosen) > 0 ? first : chosen;
    var longer =
        interval.multipliedBy(
            policy.factor() == 0 ? RetryPolicies.FACTOR_DEFAULT : policy.factor());
    return longer.compareTo(max) > 0 ? max : longer;
  }
}
