package io.dtm.server.engine;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The places for passes: so many for what clients submit, so many for what fell due. A submit
 * without a place is turned away before anything is stored; what fell due without a place stays in
 * the store. Thread-safe.
 */
final class RunQueue {
  private final Semaphore submissions;
  private final Semaphore retries;

  RunQueue(int submissionsMax, int retriesMax) {
    this.submissions = new Semaphore(submissionsMax);
    this.retries = new Semaphore(retriesMax);
  }

  /** A place for a submitted transaction, or empty when all are taken. */
  Optional<Place> reserveForSubmission() {
    return submissions.tryAcquire() ? Optional.of(new Place(submissions)) : Optional.empty();
  }

  /**
   * A place for a transaction that is taken up before it falls due, or empty when all are taken.
   */
  Optional<Place> reserveForResumption() {
    return retries.tryAcquire() ? Optional.of(new Place(retries)) : Optional.empty();
  }

  /**
   * Waits until there is at least one place for transactions that fell due, and takes up to {@code
   * wanted}.
   *
   * @return how many were taken
   */
  int reserveForRetries(int wanted) throws InterruptedException {
    retries.acquire();
    int taken = 1;
    while (taken < wanted && retries.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  /** One of the places taken by {@link #reserveForRetries}. */
  Place retryPlace() {
    return new Place(retries);
  }

  /**
   * Lets whoever waits in {@link #reserveForRetries} go, with a place beyond the limit. To be
   * called once, when nothing more is to be started.
   */
  void letGo() {
    retries.release();
  }

  void giveBackRetries(int unused) {
    retries.release(unused);
  }

  /** A taken place; given back once, however often it is closed. */
  static final class Place implements AutoCloseable {
    private final Semaphore owner;
    private final AtomicBoolean taken = new AtomicBoolean(true);
    private boolean handedOver;

    private Place(Semaphore owner) {
      this.owner = owner;
    }

    /**
     * A pass has taken the place and will close it. To be called by the thread that reserved it.
     */
    void handOver() {
      handedOver = true;
    }

    /**
     * Gives the place back if no pass has taken it. To be called by the thread that reserved it.
     */
    void closeUnlessHandedOver() {
      if (!handedOver) {
        close();
      }
    }

    @Override
    public void close() {
      if (taken.compareAndSet(true, false)) {
        owner.release();
      }
    }
  }
}
