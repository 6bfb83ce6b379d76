package io.dtm.server.engine;

import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.GlobalTransaction;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The places for passes: so many for what clients submit, so many for what fell due, and so many
 * bytes for the transactions of all of them. A submit without a place is turned away before
 * anything is stored; what fell due without a place stays in the store. Thread-safe.
 */
final class RunQueue {
  private final Semaphore submissions;
  private final Semaphore retries;
  private final ByteBudget bytes;

  RunQueue(int submissionsMax, int retriesMax, ByteBudget bytes) {
    this.submissions = new Semaphore(submissionsMax);
    this.retries = new Semaphore(retriesMax);
    this.bytes = bytes;
  }

  /** A place for a submitted transaction, or empty when all are taken. */
  Optional<Place> reserveForSubmission() {
    return submissions.tryAcquire()
        ? Optional.of(new Place(submissions, bytes.open()))
        : Optional.empty();
  }

  /** Room for a command that changes a transaction and runs no pass. */
  ByteBudget.Share openForCommand() {
    return bytes.open();
  }

  /**
   * A place for a transaction that is taken up before it falls due, or empty when all are taken.
   */
  Optional<Place> reserveForResumption() {
    return retries.tryAcquire() ? Optional.of(new Place(retries, bytes.open())) : Optional.empty();
  }

  /**
   * Waits until there is at least one place for transactions that fell due, and room in memory, and
   * takes up to {@code wanted}.
   *
   * @return how many were taken
   */
  int reserveForRetries(int wanted) throws InterruptedException {
    bytes.awaitHalf();
    retries.acquire();
    int taken = 1;
    while (taken < wanted && retries.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  /**
   * One of the places taken by {@link #reserveForRetries}, for a transaction that has been claimed
   * and is in memory, whatever its size: the store stops claiming early where they are large.
   */
  Place retryPlace(GlobalTransaction claimed) {
    var share = bytes.open();
    share.force(Weights.of(claimed));
    return new Place(retries, share);
  }

  /**
   * Lets whoever waits in {@link #reserveForRetries} go, with a place beyond the limit. To be
   * called once, when nothing more is to be started.
   */
  void letGo() {
    bytes.letGo();
    retries.release();
  }

  void giveBackRetries(int unused) {
    retries.release(unused);
  }

  /** A taken place; given back once, however often it is closed. */
  static final class Place implements AutoCloseable {
    private final Semaphore owner;
    private final ByteBudget.Share share;
    private final AtomicBoolean taken = new AtomicBoolean(true);
    private boolean handedOver;

    private Place(Semaphore owner, ByteBudget.Share share) {
      this.owner = owner;
      this.share = share;
    }

    /** The part of memory that goes with the place. To be used by the thread that reserved it. */
    ByteBudget.Share share() {
      return share;
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
        share.close();
        owner.release();
      }
    }
  }
}
