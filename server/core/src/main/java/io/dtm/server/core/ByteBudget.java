package io.dtm.server.core;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * So many bytes may be in memory at a time for one purpose; whoever would need more has to come
 * back later. Numbers of requests and passes do not bound memory where each may carry megabytes.
 *
 * <p>What is small finds room also when what is large has to wait: the last quarter is for shares
 * of up to {@link #SMALL_BYTES}. What is larger than half of the budget counts as half, so that its
 * turn comes, too. Thread-safe.
 */
public final class ByteBudget {
  /** What a request or a transaction of the usual kind stays below. */
  public static final long SMALL_BYTES = 64 * 1024;

  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private long taken;
  private boolean over;

  /**
   * @param bytesMax more than 0
   */
  public ByteBudget(long bytesMax) {
    if (bytesMax <= 0) {
      throw new IllegalArgumentException("bytesMax: %d (expected: > 0)".formatted(bytesMax));
    }
    this.bytesMax = bytesMax;
  }

  /** For tests, and wherever memory is no concern. */
  public static ByteBudget unlimited() {
    return new ByteBudget(Long.MAX_VALUE);
  }

  /** A share that holds nothing yet. */
  public Share open() {
    return new Share();
  }

  /** How many bytes are held; more than the limit only after {@link Share#force}. */
  public long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  public long bytesMax() {
    return bytesMax;
  }

  /**
   * Waits until less than half is held, which leaves room to begin something whose size is not
   * known before, or until {@link #letGo}.
   */
  public void awaitHalf() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (taken >= bytesMax - bytesMax / 2 && !over) {
        given.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nobody waits in {@link #awaitHalf} any more, now or later. */
  public void letGo() {
    lock.lock();
    try {
      over = true;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean add(long more, boolean isSmall) {
    lock.lock();
    try {
      long limit = isSmall ? bytesMax : bytesMax - bytesMax / 4;
      if (more > limit - taken) {
        return false;
      }
      taken += more;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void addAnyway(long more) {
    lock.lock();
    try {
      taken += more;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(long bytes) {
    if (bytes == 0) {
      return;
    }
    lock.lock();
    try {
      taken -= bytes;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What one holder has of the budget, until it is closed. For one thread at a time. */
  public final class Share implements AutoCloseable {
    private long held;
    private boolean closed;

    private Share() {}

    /**
     * Holds at least so many bytes in all.
     *
     * @return false, and nothing has changed, when there is no room
     */
    public boolean hold(long bytes) {
      long counted = counted(bytes);
      if (closed || counted <= held) {
        return !closed;
      }
      if (!add(counted - held, bytes <= SMALL_BYTES)) {
        return false;
      }
      held = counted;
      return true;
    }

    /** Holds at least so many bytes in all, room or not: for what is in memory already. */
    public void force(long bytes) {
      long counted = counted(bytes);
      if (!closed && counted > held) {
        addAnyway(counted - held);
        held = counted;
      }
    }

    private long counted(long bytes) {
      return Math.min(bytes, Math.max(1, bytesMax / 2));
    }

    /** Gives everything back, once. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        giveBack(held);
      }
    }
  }
}
