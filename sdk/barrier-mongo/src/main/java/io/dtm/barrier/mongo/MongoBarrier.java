package io.dtm.barrier.mongo;

import static java.util.Objects.requireNonNull;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import io.dtm.barrier.Barrier;
import io.dtm.barrier.BarrierMark;
import io.dtm.barrier.BarrierMarks;
import io.dtm.barrier.BarrierOutcome;
import io.dtm.barrier.PreparedState;
import io.dtm.protocol.Operations;
import java.util.Optional;

/**
 * Guards calls whose work is done in MongoDB, which must be a replica set or a sharded cluster:
 * others have no transactions. Thread-safe; the {@link Barrier} is for one request.
 */
public final class MongoBarrier {
  /** Where the clients of all languages keep their marks. */
  public static final String DATABASE_DEFAULT = "dtm_barrier";

  public static final String COLLECTION_DEFAULT = "barrier";

  /** Of two transactions that set the same mark at the same time, MongoDB ends one at once. */
  private static final int TRIES_MAX = 3;

  private final MongoClient client;
  private final MarkDocuments documents;

  private MongoBarrier(MongoClient client, MarkDocuments documents) {
    this.client = client;
    this.documents = documents;
  }

  /** With the collection that the clients of all languages use. */
  public static MongoBarrier of(MongoClient client) {
    return of(client, DATABASE_DEFAULT, COLLECTION_DEFAULT);
  }

  public static MongoBarrier of(MongoClient client, String database, String collection) {
    requireNonNull(client, "client");
    return new MongoBarrier(
        client, new MarkDocuments(client.getDatabase(database).getCollection(collection)));
  }

  /**
   * Makes the unique index without which nothing is guarded. Does nothing when it is there; to be
   * called as the service starts.
   */
  public void createIndex() {
    documents.createIndex();
  }

  /**
   * Does the work, unless it was done or undone before, in a transaction of its own: committed
   * whatever the outcome, aborted when the work throws. When another call of the same branch is at
   * work it is tried again, three times in all.
   *
   * @return whether the work was done, and if not, why not
   * @throws MongoException when it is not known to be done; the call may be repeated
   */
  public <X extends Exception> BarrierOutcome run(Barrier barrier, MongoWork<X> work) throws X {
    var marks = barrier.nextMarks();
    for (var tries = 1; ; tries++) {
      try {
        return once(marks, work);
      } catch (MongoException e) {
        if (tries == TRIES_MAX || !isLostRace(e)) {
          throw e;
        }
      }
    }
  }

  /**
   * Does the work, unless it was done or undone before, in the transaction that the caller has
   * begun and ends. Whatever the outcome, the caller commits.
   *
   * @throws IllegalStateException when there is no transaction
   */
  public <X extends Exception> BarrierOutcome run(
      ClientSession session, Barrier barrier, MongoWork<X> work) throws X {
    if (!session.hasActiveTransaction()) {
      throw new IllegalStateException(
          barrier + ": the session has no transaction (expected: one, as after startTransaction)");
    }
    return pass(session, barrier.nextMarks(), work);
  }

  /**
   * What became of the local transaction of this message: the answer to a check-back. One that has
   * not committed never will.
   */
  public PreparedState queryPrepared(Barrier barrier) {
    var own = Barrier.ofMessage(barrier.gid()).nextMarks().own();
    return documents.setOrFind(own.withReason(Operations.ROLLBACK)).isSetByAnother()
        ? PreparedState.ROLLED_BACK
        : PreparedState.COMMITTED;
  }

  private <X extends Exception> BarrierOutcome once(BarrierMarks marks, MongoWork<X> work)
      throws X {
    try (var session = client.startSession()) {
      session.startTransaction();
      // Closing a session aborts a transaction that is still open, whatever was thrown.
      var outcome = pass(session, marks, work);
      session.commitTransaction();
      return outcome;
    }
  }

  private <X extends Exception> BarrierOutcome pass(
      ClientSession session, BarrierMarks marks, MongoWork<X> work) throws X {
    var outcome = outcome(session, marks);
    if (outcome.hasRun()) {
      work.run(session);
    }
    return outcome;
  }

  private BarrierOutcome outcome(ClientSession session, BarrierMarks marks) {
    var undone = marks.undone();
    var wasNeverDone = undone.isPresent() && documents.set(session, undone.get()).isEmpty();
    Optional<BarrierMark> standing = documents.set(session, marks.own());
    if (standing.isEmpty()) {
      return wasNeverDone ? BarrierOutcome.NULL_COMPENSATION : BarrierOutcome.RAN;
    }
    return standing.get().isSetByAnother() ? BarrierOutcome.TOO_LATE : BarrierOutcome.DUPLICATE;
  }

  private static boolean isLostRace(MongoException e) {
    return e.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)
        || MarkDocuments.isTaken(e);
  }
}
