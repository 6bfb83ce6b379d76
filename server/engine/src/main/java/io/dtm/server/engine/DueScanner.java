package io.dtm.server.engine;

import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes what is due out of the store and hands it to the runner. Sleeps until the earliest due time
 * that the store or this node knows of, so that a retry starts on time; at the latest it looks
 * after the poll interval, for what other nodes left behind. Where nodes share the store each takes
 * small portions, with pauses, so that all have a share of what falls due at once.
 *
 * <p>One thread scans. Thread-safe.
 */
final class DueScanner implements AutoCloseable {
  private static final int BATCH = 512;

  /**
   * What all nodes that share a store take together before each pauses: what falls due in the same
   * moment is spread over all of them, also when one looks a little later than the others.
   */
  private static final int SHARED_BATCH = 160;

  private static final int SHARED_BATCH_MIN = 16;
  private static final Duration BETWEEN_SHARED_BATCHES = Duration.ofMillis(20);

  /** Longest time between two looks where other nodes may hand work over. */
  private static final Duration SHARED_POLL = Duration.ofMillis(500);

  private final TransactionStore store;
  private final TransactionRunner runner;
  private final RunQueue places;
  private final EngineConfig config;
  private final String node;
  private final InstantSource clock;
  private final Timer timer;
  private final EngineListener listener;
  private final Activity activity;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wanted;
  private boolean closed;
  private volatile int nodes = 1;
  private Instant wakeAt = Instant.MAX;
  private Timer.@Nullable Scheduled alarm;

  DueScanner(
      TransactionStore store,
      TransactionRunner runner,
      RunQueue places,
      EngineConfig config,
      String node,
      InstantSource clock,
      Timer timer,
      EngineThreads threads,
      EngineListener listener,
      Activity activity) {
    this.store = store;
    this.runner = runner;
    this.places = places;
    this.config = config;
    this.node = node;
    this.clock = clock;
    this.timer = timer;
    this.listener = listener;
    this.activity = activity;
    this.thread = threads.storeThread("due-scanner", this::scanUntilClosed);
  }

  void start() {
    wake();
    thread.start();
  }

  /** So many nodes, this one among them, take work out of the store. */
  void shareWith(int count) {
    if (count != nodes) {
      nodes = count;
      wake();
    }
  }

  /** Something falls due at that time. */
  void notice(Instant dueAt) {
    lock.lock();
    try {
      if (!dueAt.isBefore(wakeAt) || closed) {
        return;
      }
      if (alarm != null) {
        alarm.cancel();
      }
      wakeAt = dueAt;
      alarm = timer.at(dueAt, this::wake);
    } finally {
      lock.unlock();
    }
  }

  /** Has the scanner look now. */
  void wake() {
    lock.lock();
    try {
      if (!wanted && !closed) {
        wanted = true;
        activity.begin();
        woken.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void scanUntilClosed() {
    while (awaitWake()) {
      try {
        notice(scan());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception | Error e) {
        // Also an Error: without this thread nothing would ever be retried, and nobody would
        // notice.
        listener.on(new EngineEvent.Disturbed("scan for due transactions", e));
        notice(clock.instant().plus(config.pollInterval()));
      } finally {
        activity.end();
      }
    }
  }

  private boolean awaitWake() {
    lock.lock();
    try {
      while (!wanted && !closed) {
        woken.awaitUninterruptibly();
      }
      if (closed) {
        if (wanted) {
          activity.end();
        }
        return false;
      }
      wanted = false;
      wakeAt = Instant.MAX;
      if (alarm != null) {
        alarm.cancel();
        alarm = null;
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Starts everything that is due, as places come free, and tells when to look again. */
  private Instant scan() throws InterruptedException {
    while (!isClosed()) {
      int sharing = nodes;
      int reserved = places.reserveForRetries(batch(sharing));
      int started = 0;
      try {
        if (isClosed()) {
          break;
        }
        var due = store.claimDue(node, config.lease(), reserved);
        for (var transaction : due.claimed()) {
          started++;
          runner.start(transaction, places.retryPlace(transaction));
        }
        if (started < reserved) {
          return nextLook(due.nextDueAt());
        }
        if (sharing > 1) {
          return clock.instant().plus(BETWEEN_SHARED_BATCHES);
        }
      } finally {
        places.giveBackRetries(reserved - started);
      }
    }
    return Instant.MAX;
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private static int batch(int sharing) {
    return sharing == 1 ? BATCH : Math.max(SHARED_BATCH_MIN, SHARED_BATCH / sharing);
  }

  private Duration pollInterval() {
    var usual = config.pollInterval();
    return nodes == 1 || usual.compareTo(SHARED_POLL) < 0 ? usual : SHARED_POLL;
  }

  private Instant nextLook(@Nullable Instant nextDueAt) {
    var poll = clock.instant().plus(pollInterval());
    return nextDueAt == null || poll.isBefore(nextDueAt) ? poll : nextDueAt;
  }

  /** Starts nothing more. Passes that run are not touched. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        places.letGo();
      }
      if (alarm != null) {
        alarm.cancel();
      }
      woken.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
