package io.dtm.server.engine;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Transactions that wait for their client's next command, as this node wrote them last. Client and
 * server often speak several times about one transaction within milliseconds; remembering it spares
 * a look into the store each time.
 *
 * <p>What is remembered may be out of date, as other nodes and passes write too. It is good for a
 * write, which names the version it starts from and is refused when there is a newer one, and for
 * nothing else. Thread-safe.
 */
final class RecentTransactions {
  /** Of all that is remembered, by {@link Weights}. The oldest go first. */
  static final long BYTES_MAX = 8L << 20;

  /** A larger transaction is not remembered: it would drive out many others. */
  static final long TRANSACTION_BYTES_MAX = 64L << 10;

  /**
   * Far shorter than anything finished is kept, so that a gid that was deleted and used again is
   * never taken for the one before it.
   */
  static final Duration AGE_MAX = Duration.ofSeconds(10);

  private final InstantSource clock;
  private final LinkedHashMap<Gid, Remembered> byGid = new LinkedHashMap<>();
  private long bytes;

  private record Remembered(GlobalTransaction transaction, long weight, Instant since) {}

  RecentTransactions(InstantSource clock) {
    this.clock = clock;
  }

  synchronized Optional<GlobalTransaction> find(Gid gid) {
    forgetOld();
    return Optional.ofNullable(byGid.get(gid)).map(Remembered::transaction);
  }

  /** Has it take the place of what was remembered of the same transaction. */
  synchronized void remember(GlobalTransaction written) {
    forget(written.gid());
    long weight = Weights.of(written);
    if (weight <= TRANSACTION_BYTES_MAX) {
      byGid.put(written.gid(), new Remembered(written, weight, clock.instant()));
      bytes += weight;
      forgetOld();
    }
  }

  synchronized void forget(Gid gid) {
    var remembered = byGid.remove(gid);
    if (remembered != null) {
      bytes -= remembered.weight();
    }
  }

  private void forgetOld() {
    var oldest = clock.instant().minus(AGE_MAX);
    while (!byGid.isEmpty()) {
      var first = byGid.firstEntry();
      if (bytes <= BYTES_MAX && first.getValue().since().isAfter(oldest)) {
        return;
      }
      forget(first.getKey());
    }
  }
}
