package io.dtm.server.branch;

import io.dtm.server.core.Gid;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The transactions that wait for one destination, each once, in the order in which they came. All
 * destinations share one limit; beyond it nothing is remembered. Not thread-safe, but for the
 * shared limit.
 */
final class WaitingRoom {
  private final Semaphore seats;
  private final Set<Gid> waiting = new LinkedHashSet<>();

  /**
   * @param seats free ones, for all destinations
   */
  WaitingRoom(Semaphore seats) {
    this.seats = seats;
  }

  /** Remembers a transaction unless all seats are taken; one that waits keeps its turn. */
  void add(Gid gid) {
    if (!waiting.contains(gid) && seats.tryAcquire()) {
      waiting.add(gid);
    }
  }

  void remove(Gid gid) {
    if (waiting.remove(gid)) {
      seats.release();
    }
  }

  /** Takes out up to {@code count}, those that came first. */
  List<Gid> take(int count) {
    var taken = new ArrayList<Gid>();
    for (var all = waiting.iterator(); taken.size() < count && all.hasNext(); all.remove()) {
      taken.add(all.next());
    }
    seats.release(taken.size());
    return taken;
  }

  int size() {
    return waiting.size();
  }
}
