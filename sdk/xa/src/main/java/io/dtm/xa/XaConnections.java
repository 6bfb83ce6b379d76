package io.dtm.xa;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.XADataSource;

/**
 * A small pool of sessions for XA branches, apart from the application's own: a session is in one
 * branch at a time, and with MariaDB it has to end for good when its branch is prepared, which
 * pools of ordinary connections offer no way to do. Thread-safe.
 */
public final class XaConnections implements AutoCloseable {
  /** As many branches as are at work at a time with {@link #of(XADataSource)}. */
  public static final int SESSIONS_MAX_DEFAULT = 10;

  /** How long a call waits for a session with {@link #of(XADataSource)}. */
  public static final Duration WAIT_MAX_DEFAULT = Duration.ofSeconds(2);

  private static final int VALIDATION_SECONDS_MAX = 2;

  /** A call that waits longer is not heard any more by whoever made it. */
  private static final Duration WAIT_LONGEST = Duration.ofHours(1);

  private final XADataSource dataSource;
  private final Semaphore places;
  private final Duration waitMax;
  private final ConcurrentLinkedDeque<XaSession> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean isClosed;

  private XaConnections(XADataSource dataSource, int sessionsMax, Duration waitMax) {
    this.dataSource = dataSource;
    this.places = new Semaphore(sessionsMax);
    this.waitMax = waitMax;
  }

  /** A pool with the default limits. Sessions are opened when they are needed. */
  public static XaConnections of(XADataSource dataSource) {
    return of(dataSource, SESSIONS_MAX_DEFAULT, WAIT_MAX_DEFAULT);
  }

  /**
   * A pool.
   *
   * @param dataSource the driver's own, such as {@code MariaDbDataSource} or {@code PGXADataSource}
   * @param sessionsMax 1 at least
   * @param waitMax for a session to become free
   */
  public static XaConnections of(XADataSource dataSource, int sessionsMax, Duration waitMax) {
    requireNonNull(dataSource, "dataSource");
    requireNonNull(waitMax, "waitMax");
    if (sessionsMax < 1) {
      throw new IllegalArgumentException(
          "sessionsMax: %d (expected: 1 at least)".formatted(sessionsMax));
    }
    if (waitMax.isNegative() || waitMax.compareTo(WAIT_LONGEST) > 0) {
      throw new IllegalArgumentException(
          "waitMax: %s (expected: 0 to %s)".formatted(waitMax, WAIT_LONGEST));
    }
    return new XaConnections(dataSource, sessionsMax, waitMax);
  }

  /**
   * A session for one branch, to be closed, which gives it back.
   *
   * @throws SQLException when none becomes free in time, or the database is not there
   */
  XaSession take() throws SQLException {
    takePlace();
    var isTaken = false;
    try {
      var session = reusable();
      isTaken = true;
      return session;
    } finally {
      if (!isTaken) {
        places.release();
      }
    }
  }

  void giveBack(XaSession session) {
    if (session.isUsable() && !isClosed) {
      idle.push(session);
    } else {
      session.end();
    }
    places.release();
    if (isClosed) {
      endIdle();
    }
  }

  /** Ends the idle sessions at once, and those in use when they come back. */
  @Override
  public void close() {
    isClosed = true;
    endIdle();
  }

  private void takePlace() throws SQLException {
    if (isClosed) {
      throw new SQLTransientConnectionException("XA sessions: closed (expected: open)");
    }
    try {
      if (!places.tryAcquire(waitMax.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new SQLTransientConnectionException(
            "XA sessions: none became free within " + waitMax);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException("XA sessions: interrupted while waiting", e);
    }
  }

  private XaSession reusable() throws SQLException {
    for (var session = idle.poll(); session != null; session = idle.poll()) {
      if (session.connection().isValid(VALIDATION_SECONDS_MAX)) {
        return session;
      }
      session.end();
    }
    return XaSession.open(this, dataSource);
  }

  private void endIdle() {
    for (var session = idle.poll(); session != null; session = idle.poll()) {
      session.end();
    }
  }
}
