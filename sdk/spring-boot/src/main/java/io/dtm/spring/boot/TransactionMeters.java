package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import io.dtm.client.TransactionListener;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionMode;
import io.dtm.client.TransactionResult;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a client's transactions, as meters with the tag {@code mode}: the counter {@code
 * dtm.transactions.begun}, and the timer {@code dtm.transactions}, from the first command to what
 * the application was told, with {@code outcome}: accepted, succeeded, rolled_back, pending,
 * refused, unavailable. Thread-safe.
 */
public final class TransactionMeters implements TransactionListener {
  /** Begun and not ended; of more than these, the oldest are counted but not timed. */
  static final int OPEN_MAX = 10_000;

  private final MeterRegistry registry;
  private final Map<String, Long> begun = new LinkedHashMap<>();

  public TransactionMeters(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
  }

  @Override
  public void begun(TransactionMode mode, String gid) {
    if (isFirst(gid)) {
      registry.counter("dtm.transactions.begun", "mode", mode.word()).increment();
    }
  }

  @Override
  public void ended(TransactionMode mode, TransactionResult result) {
    String outcome =
        result.fold(
            accepted -> "accepted",
            succeeded -> "succeeded",
            rolledBack -> "rolled_back",
            pending -> "pending");
    record(mode, result.gid(), outcome);
  }

  @Override
  public void failed(TransactionMode mode, String gid, Throwable failure) {
    record(mode, gid, failure instanceof TransactionManagerUnavailable ? "unavailable" : "refused");
  }

  private void record(TransactionMode mode, String gid, String outcome) {
    var since = remove(gid);
    if (since != null) {
      registry
          .timer("dtm.transactions", "mode", mode.word(), "outcome", outcome)
          .record(now() - since, TimeUnit.NANOSECONDS);
    }
  }

  private boolean isFirst(String gid) {
    synchronized (begun) {
      if (begun.putIfAbsent(gid, now()) != null) {
        return false;
      }
      if (begun.size() > OPEN_MAX) {
        var oldest = begun.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      return true;
    }
  }

  private @Nullable Long remove(String gid) {
    synchronized (begun) {
      return begun.remove(gid);
    }
  }

  private long now() {
    return registry.config().clock().monotonicTime();
  }
}
