package io.dtm.barrier;

import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Guards one call that a transaction manager makes of a participant. The manager calls each branch
 * once at least: an answer may be lost, a call may be overtaken by the one that undoes it, and a
 * step that never arrived is undone all the same. Work behind a barrier takes effect once whatever
 * happens, because the barrier marks each call in a table of the same database, in the same
 * transaction.
 *
 * <pre>{@code
 * var barrier = Barrier.from(queryParameters);
 * barrier.run(dataSource, connection -> debit(connection, account, 30));
 * }</pre>
 *
 * <p>Make one for each request. The guarded calls of a request are told apart by their order, which
 * must be the same in each repetition, and in the call that undoes as in what it undoes. For one
 * thread.
 */
public final class Barrier {
  /** Under which a message's sender marks its local transaction. */
  private static final String MESSAGE_BRANCH = "00";

  private static final String MESSAGE_BARRIER = "01";

  /** Two digits are what clients of all languages write. */
  private static final int CALLS_MAX = 99;

  /** What each operation that undoes has to undo. */
  private static final Map<String, String> UNDONE =
      Map.of(
          Operations.CANCEL, Operations.TRY,
          Operations.COMPENSATE, Operations.ACTION,
          Operations.ROLLBACK, Operations.ACTION);

  private final String gid;
  private final String transType;
  private final String branchId;
  private final String op;
  private final @Nullable BarrierTable table;
  private final Calls calls;

  /** How many guarded calls of a request there were. */
  private static final class Calls {
    private int count;
  }

  private Barrier(
      String gid,
      String transType,
      String branchId,
      String op,
      @Nullable BarrierTable table,
      Calls calls) {
    this.gid = gid;
    this.transType = transType;
    this.branchId = branchId;
    this.op = op;
    this.table = table;
    this.calls = calls;
    // Of all marks this one is the strictest judge.
    var unused = new BarrierMark(transType, gid, branchId, op, MESSAGE_BARRIER, op);
  }

  /**
   * For a call whose words are known.
   *
   * @param transType such as {@code saga}
   * @param op such as {@code action}
   * @throws IllegalArgumentException when one of them is empty, or longer than the table keeps
   */
  public static Barrier of(String gid, String transType, String branchId, String op) {
    return new Barrier(gid, transType, branchId, op, null, new Calls());
  }

  /**
   * For a call as it arrives.
   *
   * @param parameters the query of the URL, or the metadata of a gRPC call without their prefix
   *     {@code dtm-}: {@code gid}, {@code trans_type}, {@code branch_id}, {@code op}
   * @throws IllegalArgumentException when one is missing: it is not the manager who calls
   */
  public static Barrier from(Map<String, String> parameters) {
    return of(
        parameter(parameters, Keys.GID),
        parameter(parameters, Keys.TRANS_TYPE),
        parameter(parameters, Keys.BRANCH_ID),
        parameter(parameters, Keys.OP));
  }

  /**
   * For the local transaction of a two-phase message, on the sender's side: the message may be
   * submitted after {@code RAN} and after {@code DUPLICATE}, and must not be after {@code
   * TOO_LATE}, because a check-back came first and was told that there is nothing to deliver.
   */
  public static Barrier ofMessage(String gid) {
    return of(gid, TransTypes.MSG, MESSAGE_BRANCH, Operations.MSG);
  }

  /**
   * Marks the local transaction of a message, as part of it; for senders whose work is not a {@link
   * BarrierWork}.
   *
   * @return whether it was marked now; if not, {@link #queryPrepared} tells what became of it
   * @throws OutsideTransaction when there is no transaction
   */
  public static boolean recordMessage(Connection connection, String gid) throws SQLException {
    return ofMessage(gid).run(connection, marked -> {}).hasRun();
  }

  /**
   * With a table of another name, or in a database that is only compatible with one we know. The
   * guarded calls of both are counted together.
   */
  public Barrier on(BarrierTable table) {
    return new Barrier(gid, transType, branchId, op, requireNonNull(table, "table"), calls);
  }

  public String gid() {
    return gid;
  }

  public String transType() {
    return transType;
  }

  public String branchId() {
    return branchId;
  }

  public String op() {
    return op;
  }

  /**
   * Does the work, unless it was done or undone before, in the transaction that the caller has
   * begun and ends. Whatever the outcome, the caller commits: the marks count in all of them. Costs
   * two statements at most.
   *
   * @return whether the work was done, and if not, why not
   * @throws OutsideTransaction when there is no transaction
   * @throws SQLException of the barrier's own statements, or because the work has hidden that one
   *     of its statements failed; as after an exception of the work, the caller rolls back, and the
   *     call may be repeated
   */
  public <X extends Exception> BarrierOutcome run(Connection connection, BarrierWork<X> work)
      throws SQLException, X {
    requireNonNull(work, "work");
    if (connection.getAutoCommit()) {
      throw new OutsideTransaction(this);
    }
    var marks = tableOf(connection);
    var outcome = pass(connection, marks);
    if (outcome.hasRun()) {
      work.run(connection);
      if (marks.dialect() == SqlDialect.POSTGRESQL) {
        FailedTransaction.refuse(connection);
      }
    }
    return outcome;
  }

  /**
   * Does the work, unless it was done or undone before, in a transaction of its own: committed
   * whatever the outcome, rolled back when the work throws.
   *
   * @return as {@link #run(Connection, BarrierWork)}
   */
  public <X extends Exception> BarrierOutcome run(DataSource dataSource, BarrierWork<X> work)
      throws SQLException, X {
    return LocalTransaction.run(dataSource, connection -> run(connection, work));
  }

  /**
   * What became of the local transaction of this message: the answer to a check-back. One that has
   * not committed never will; one that is about to is waited for.
   */
  public PreparedState queryPrepared(DataSource dataSource) throws SQLException {
    return LocalTransaction.run(dataSource, this::queryPrepared);
  }

  /**
   * As {@link #queryPrepared(DataSource)} on the caller's connection. Inside a transaction the
   * answer counts once that has committed.
   */
  public PreparedState queryPrepared(Connection connection) throws SQLException {
    var marks = tableOf(connection);
    var decided =
        new BarrierMark(
            transType, gid, MESSAGE_BRANCH, Operations.MSG, MESSAGE_BARRIER, Operations.ROLLBACK);
    if (marks.set(connection, decided)) {
      return PreparedState.ROLLED_BACK;
    }
    var standing =
        marks
            .find(connection, decided)
            .orElseThrow(() -> new SQLTransientException(this + ": its mark has just vanished"));
    return standing.isSetByAnother() ? PreparedState.ROLLED_BACK : PreparedState.COMMITTED;
  }

  /**
   * Counts one guarded call and tells its marks: for a barrier that keeps them elsewhere.
   *
   * @throws IllegalStateException for the hundredth call of one request
   */
  public BarrierMarks nextMarks() {
    if (calls.count == CALLS_MAX) {
      throw new IllegalStateException(
          "%s: more than %d guarded calls in one request".formatted(this, CALLS_MAX));
    }
    calls.count++;
    var barrierId = (calls.count < 10 ? "0" : "") + calls.count;
    return new BarrierMarks(
        Optional.ofNullable(UNDONE.get(op)).map(undone -> mark(undone, barrierId)),
        mark(op, barrierId));
  }

  private BarrierMark mark(String operation, String barrierId) {
    return new BarrierMark(transType, gid, branchId, operation, barrierId, op);
  }

  /** Sets the marks and tells what they mean. A repetition reads, in its second statement, why. */
  private BarrierOutcome pass(Connection connection, BarrierTable marks) throws SQLException {
    var next = nextMarks();
    var undone = next.undone();
    var wasNeverDone = undone.isPresent() && marks.set(connection, undone.get());
    var isNew = marks.set(connection, next.own());
    if (isNew) {
      return wasNeverDone ? BarrierOutcome.NULL_COMPENSATION : BarrierOutcome.RAN;
    }
    if (undone.isPresent()) {
      return BarrierOutcome.DUPLICATE;
    }
    var standing = marks.find(connection, next.own());
    var isLate = standing.map(BarrierMark::isSetByAnother).orElse(false);
    return isLate ? BarrierOutcome.TOO_LATE : BarrierOutcome.DUPLICATE;
  }

  private BarrierTable tableOf(Connection connection) throws SQLException {
    return table == null ? BarrierTable.of(SqlDialect.of(connection)) : table;
  }

  private static String parameter(Map<String, String> parameters, String name) {
    var value = parameters.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: missing (expected: gid, trans_type, branch_id and op, as the manager sends them)"
              .formatted(name));
    }
    return value;
  }

  @Override
  public String toString() {
    return "%s %s, branch %s, %s".formatted(transType, gid, branchId, op);
  }
}
