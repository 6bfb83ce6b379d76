package io.dtm.server.branch;

import io.dtm.server.core.Gid;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionResumer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Goes round the gates at which somebody waits, and has resumed who may be: one timer for all of
 * them, armed only while anybody waits. Thread-safe.
 */
final class Resumption {
  /** Half of the shortest time in which a gate changes its mind. */
  private static final Duration ROUND = DestinationLimits.RAMP_STEP.dividedBy(2);

  private final Timer timer;
  private final InstantSource clock;
  private final Executor threads;
  private final Set<Gate> watched = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile @Nullable TransactionResumer resumer;

  /**
   * @param threads where transactions are resumed, which may block for the store
   */
  Resumption(Timer timer, InstantSource clock, Executor threads) {
    this.timer = timer;
    this.clock = clock;
    this.threads = threads;
  }

  void start(TransactionResumer those) {
    resumer = those;
  }

  /** To be told whenever a gate has turned somebody away, or may have to wait itself. */
  void watch(Gate gate) {
    if (!gate.needsAttention()) {
      return;
    }
    watched.add(gate);
    if (!armed.get() && armed.compareAndSet(false, true)) {
      arm();
    }
  }

  private void arm() {
    timer.at(clock.instant().plus(ROUND), this::round);
  }

  private void round() {
    List.copyOf(watched).forEach(this::visit);
    if (!watched.isEmpty()) {
      arm();
      return;
    }
    armed.set(false);
    if (!watched.isEmpty() && armed.compareAndSet(false, true)) {
      arm();
    }
  }

  private void visit(Gate gate) {
    gate.takeResumable().forEach(gid -> resume(gate, gid));
    if (!gate.needsAttention()) {
      watched.remove(gate);
      // Somebody may have come between the look and the removal.
      if (gate.needsAttention()) {
        watched.add(gate);
      }
    }
  }

  private void resume(Gate gate, Gid gid) {
    threads.execute(() -> {
      var those = resumer;
      if (those != null && !those.resume(gid)) {
        gate.remember(gid);
        watch(gate);
      }
    });
  }
}
