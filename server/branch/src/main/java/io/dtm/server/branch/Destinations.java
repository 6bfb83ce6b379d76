package io.dtm.server.branch;

import io.dtm.server.core.EngineListener;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * The gates of all destinations. One is kept while anybody is at it or waits for it, and as long as
 * there are not too many of them. Thread-safe.
 */
final class Destinations {
  private final DestinationLimits limits;
  private final InstantSource clock;
  private final EngineListener listener;
  private final Semaphore seats;
  private final Map<Destination, Gate> gates = new ConcurrentHashMap<>();

  Destinations(DestinationLimits limits, InstantSource clock, EngineListener listener) {
    this.limits = limits;
    this.clock = clock;
    this.listener = listener;
    this.seats = new Semaphore(limits.waitingMax());
  }

  /** Goes to a destination's gate; to be followed by {@link #leave}. */
  Gate approach(Destination destination) {
    if (gates.size() >= limits.rememberedMax() && !gates.containsKey(destination)) {
      forgetIdle();
    }
    return gates.compute(
        destination,
        (key, known) -> {
          var gate = known == null ? new Gate(key, limits, seats, clock, listener) : known;
          gate.users++;
          return gate;
        });
  }

  void leave(Destination destination) {
    gates.computeIfPresent(
        destination,
        (key, gate) -> {
          gate.users--;
          return gate;
        });
  }

  int remembered() {
    return gates.size();
  }

  /**
   * All of them at once, so that the work is spread over as many new destinations as are forgotten.
   */
  private void forgetIdle() {
    gates
        .keySet()
        .forEach(destination ->
            gates.computeIfPresent(
                destination,
                (key, gate) -> gate.users == 0 && !gate.needsAttention() ? null : gate));
  }
}
