package io.dtm.server.core;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the connections of an edge to a number without locking anybody out: for a new one, that
 * which has been idle for longest is closed. Only when all are busy, or new ones come in faster
 * than others can be closed, the new one is. Thread-safe.
 *
 * @param <K> what a connection is known by
 */
public final class ConnectionLimit<K> {
  /** Connections that are being closed to make room, and are still open for a moment. */
  public static final int CLOSING_MAX = 256;

  private final int connectionsMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition oneClosed = lock.newCondition();

  /** The one that has been idle for longest comes first. */
  private final Map<K, Runnable> idle = new LinkedHashMap<>();

  private final Map<K, Busy> busy = new HashMap<>();
  private final Set<K> closing = new HashSet<>();

  /** A connection with requests in work. */
  private static final class Busy {
    final Runnable close;
    int requests = 1;

    Busy(Runnable close) {
      this.close = close;
    }
  }

  /**
   * @param connectionsMax at least 1
   */
  public ConnectionLimit(int connectionsMax) {
    if (connectionsMax < 1) {
      throw new IllegalArgumentException(
          "connectionsMax: %d (expected: >= 1)".formatted(connectionsMax));
    }
    this.connectionsMax = connectionsMax;
  }

  /**
   * A connection has come in, and counts as idle.
   *
   * @param close closes it from another thread; called at most once, not under a lock
   * @return whether it may stay; if not, {@code close} is not called
   */
  public boolean opened(K connection, Runnable close) {
    Runnable victim = null;
    lock.lock();
    try {
      if (idle.size() + busy.size() >= connectionsMax) {
        if (idle.isEmpty() || closing.size() >= CLOSING_MAX) {
          return false;
        }
        var longestIdle = idle.entrySet().iterator();
        var entry = longestIdle.next();
        victim = entry.getValue();
        closing.add(entry.getKey());
        longestIdle.remove();
      }
      idle.put(connection, close);
    } finally {
      lock.unlock();
    }
    if (victim != null) {
      victim.run();
    }
    return true;
  }

  /**
   * Waits, at most for {@code patience}, until another connection would not come too fast: those
   * who knock wait in the system's queue meanwhile, in their order, instead of being refused.
   */
  public void awaitRoom(Duration patience) throws InterruptedException {
    long nanos = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (closing.size() >= CLOSING_MAX && nanos > 0) {
        nanos = oneClosed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request has begun on it. */
  public void begun(K connection) {
    lock.lock();
    try {
      var known = busy.get(connection);
      if (known != null) {
        known.requests++;
        return;
      }
      var close = idle.remove(connection);
      if (close != null) {
        busy.put(connection, new Busy(close));
      }
    } finally {
      lock.unlock();
    }
  }

  /** A request has been answered on it; after the last one it is idle, as of now. */
  public void ended(K connection) {
    lock.lock();
    try {
      var known = busy.get(connection);
      if (known != null && --known.requests == 0) {
        busy.remove(connection);
        idle.put(connection, known.close);
      }
    } finally {
      lock.unlock();
    }
  }

  /** It is closed, by whomever. */
  public void closed(K connection) {
    lock.lock();
    try {
      idle.remove(connection);
      busy.remove(connection);
      if (closing.remove(connection)) {
        oneClosed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many there are, without those that are being closed. */
  public int size() {
    lock.lock();
    try {
      return idle.size() + busy.size();
    } finally {
      lock.unlock();
    }
  }
}
