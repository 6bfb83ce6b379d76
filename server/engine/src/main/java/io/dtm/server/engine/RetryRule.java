package io.dtm.server.engine;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionOptions;
import java.time.Duration;
import java.time.Instant;

/**
 * When a transaction that could not be finished is looked at again. An answer that was unclear
 * doubles the pause, once for each pass and up to a limit; "still at work" keeps it; progress sets
 * it back to the first one. A call that was not made changes nothing, but its destination may ask
 * for a longer pause.
 */
record RetryRule(Duration defaultInterval, Duration intervalMax, Duration defaultTimeoutToFail) {

  /**
   * The first pause of a transaction: what it asks for, or its time-out where that is shorter than
   * the server's default.
   */
  Duration firstInterval(TransactionOptions options) {
    if (!options.retryInterval().isZero()) {
      return options.retryInterval();
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
    var first = firstInterval(transaction.options());
    var previous = transaction.schedule();
    var interval = pass.hasProgressed() ? first : previous.interval();
    var failures = pass.hasProgressed() ? 0 : previous.failures();
    if (pass.hasFailures()) {
      interval = doubled(interval, first);
      failures++;
    }
    var pause = interval.compareTo(pass.deferral()) > 0 ? interval : pass.deferral();
    return new Schedule(now.plus(pause), interval, failures, "");
  }

  /** The schedule of a transaction that waits for its client: looked at less and less often. */
  Schedule idle(GlobalTransaction transaction, Instant now) {
    var previous = transaction.schedule();
    var interval = doubled(previous.interval(), firstInterval(transaction.options()));
    return new Schedule(now.plus(interval), interval, previous.failures(), "");
  }

  private Duration doubled(Duration interval, Duration first) {
    var max = first.compareTo(intervalMax) > 0 ? first : intervalMax;
    var twice = interval.multipliedBy(2);
    return twice.compareTo(max) > 0 ? max : twice;
  }
}
