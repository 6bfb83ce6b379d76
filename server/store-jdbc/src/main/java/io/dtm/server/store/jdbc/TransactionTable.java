package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.jdbc.Dialect.Shape;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.RecordChange;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.TransactionRecord;
import io.dtm.server.store.kit.Words;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows of transactions, read and written. Each method is one or a few statements. Thread-safe. */
final class TransactionTable {
  /** What {@link #read} reads. */
  static final String RECORD_COLUMNS = "gid, definition, appended, progress, version, created_at";

  /** Rows in one statement at most. A power of two: statements of few sizes are prepared once. */
  private static final int ROWS_MAX = 64;

  /** Bytes in one statement at most, unless a single row has more: servers limit a packet. */
  private static final long STATEMENT_BYTES_MAX = PacketLimit.BYTES_ALWAYS;

  private static final Pattern CONTROL_CHARACTER = Pattern.compile("\\p{Cntrl}");

  private static final Logger LOG = LoggerFactory.getLogger(TransactionTable.class);

  private final Dialect dialect;
  private final String name;
  private final PacketLimit packets;

  TransactionTable(Dialect dialect, String name) {
    this.dialect = dialect;
    this.name = name;
    this.packets = new PacketLimit(dialect);
  }

  /** A transaction to be inserted. */
  record NewRow(GlobalTransaction transaction, TransactionRecord record) {
    static NewRow of(GlobalTransaction transaction) {
      return new NewRow(transaction, TransactionRecord.of(transaction));
    }

    long bytes() {
      return (long) record.definition().length + record.progress().length;
    }
  }

  /** A transaction to be updated. */
  record ChangedRow(GlobalTransaction before, GlobalTransaction after, RecordChange change) {
    static ChangedRow of(WriteCommand.Update update) {
      return new ChangedRow(update.before(), update.after(), RecordChange.of(update));
    }

    Shape shape() {
      return change.definition() != null
          ? Shape.REDEFINE
          : change.appended().length > 0 ? Shape.APPEND : Shape.PROGRESS;
    }

    long bytes() {
      var definition = change.definition();
      return (long) change.progress().length
          + change.appended().length
          + (definition == null ? 0 : definition.length);
    }
  }

  /**
   * Inserts those whose gid is not taken.
   *
   * @return which were inserted; null when the server tells only how many, and it was some of them
   */
  boolean @Nullable [] insert(Connection connection, List<NewRow> rows) throws SQLException {
    for (var row : rows) {
      packets.requireFits(connection, row.transaction().gid(), row.bytes());
    }
    var counts = new Counts(rows.size());
    int start = 0;
    for (var part : insertParts(rows)) {
      try (var statement = connection.prepareStatement(dialect.insert(part.getFirst().size()))) {
        for (var together : part) {
          var values = new Values(statement);
          for (var row : together) {
            addTo(values, row);
          }
          statement.addBatch();
        }
        start = counts.add(statement, start, part.stream().mapToInt(List::size).toArray());
      }
    }
    return counts.changed();
  }

  /** Statements of the same size, which make one batch; most often there is one such list. */
  private List<List<List<NewRow>>> insertParts(List<NewRow> rows) {
    var statements = parts(rows, NewRow::bytes, dialect.rowsPerInsert());
    var batches = new ArrayList<List<List<NewRow>>>();
    for (var statement : statements) {
      if (batches.isEmpty() || batches.getLast().getFirst().size() != statement.size()) {
        batches.add(new ArrayList<>());
      }
      batches.getLast().add(statement);
    }
    return batches;
  }

  private static void addTo(Values values, NewRow row) throws SQLException {
    var transaction = row.transaction();
    values
        .add(transaction.gid().value())
        .add(Words.of(transaction.mode()))
        .add(Words.of(transaction.status()))
        .add(transaction.version())
        .add(Columns.phase(transaction.status()))
        .add(Columns.claimed(transaction))
        .add(Micros.floor(transaction.definition().createdAt()))
        .add(Columns.nextAt(transaction))
        .add(row.record().definition())
        .add(row.record().appended())
        .add(row.record().progress());
  }

  /**
   * Updates those whose version is the expected one, in their order, so that two batches lock rows
   * in the same order.
   *
   * @return which were updated; null when the server tells only how many, and it was some of them
   */
  boolean @Nullable [] update(Connection connection, List<ChangedRow> rows) throws SQLException {
    for (var row : rows) {
      packets.requireFits(connection, row.after().gid(), row.bytes());
    }
    var counts = new Counts(rows.size());
    int start = 0;
    for (var alike : batches(rows)) {
      var sql = dialect.update(alike.getFirst().shape());
      try (var statement = connection.prepareStatement(sql)) {
        for (var row : alike) {
          addTo(new Values(statement), row);
          statement.addBatch();
        }
        var single = new int[alike.size()];
        Arrays.fill(single, 1);
        start = counts.add(statement, start, single);
      }
    }
    return counts.changed();
  }

  /** Runs of rows of one shape, none with too many bytes: a driver may send one in one packet. */
  private static List<List<ChangedRow>> batches(List<ChangedRow> rows) {
    var batches = new ArrayList<List<ChangedRow>>();
    long bytes = 0;
    for (var row : rows) {
      bytes += row.bytes();
      if (batches.isEmpty()
          || bytes > STATEMENT_BYTES_MAX
          || batches.getLast().getFirst().shape() != row.shape()) {
        batches.add(new ArrayList<>());
        bytes = row.bytes();
      }
      batches.getLast().add(row);
    }
    return batches;
  }

  private static void addTo(Values values, ChangedRow row) throws SQLException {
    var after = row.after();
    values
        .add(Words.of(after.status()))
        .add(after.version())
        .add(Columns.phase(after.status()))
        .add(Columns.claimed(after))
        .add(Columns.nextAt(after))
        .add(row.change().progress());
    var definition = row.change().definition();
    if (definition != null) {
      values.add(definition);
    } else if (row.change().appended().length > 0) {
      values.add(row.change().appended());
    }
    values
        .add(after.gid().value())
        .add(row.before().version())
        .add(Micros.floor(row.before().definition().createdAt()));
  }

  /** Cuts rows into parts whose sizes are powers of two, none with too many bytes. */
  static <R> List<List<R>> parts(List<R> rows, ToLongFunction<R> bytes) {
    return parts(rows, bytes, ROWS_MAX);
  }

  private static <R> List<List<R>> parts(List<R> rows, ToLongFunction<R> bytes, int rowsMax) {
    var parts = new ArrayList<List<R>>();
    int start = 0;
    while (start < rows.size()) {
      int size = Math.min(rowsMax, Integer.highestOneBit(rows.size() - start));
      while (size > 1 && bytesOf(rows.subList(start, start + size), bytes) > STATEMENT_BYTES_MAX) {
        size /= 2;
      }
      parts.add(rows.subList(start, start + size));
      start += size;
    }
    return parts;
  }

  private static <R> long bytesOf(List<R> rows, ToLongFunction<R> bytes) {
    return rows.stream().mapToLong(bytes).sum();
  }

  /** What is stored under a gid; null: nothing. */
  @Nullable GlobalTransaction find(Connection connection, Gid gid) throws SQLException {
    var sql = "SELECT %s FROM dtm_transaction WHERE gid = ?".formatted(RECORD_COLUMNS);
    try (var statement = connection.prepareStatement(sql)) {
      new Values(statement).add(gid.value());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? read(rows) : null;
      }
    }
  }

  /** Locks a transaction until the end, without waiting; false: others have, or it is not there. */
  boolean lockUnlessLocked(Connection connection, Gid gid) throws SQLException {
    try (var statement = connection.prepareStatement(dialect.lockUnlessLocked())) {
      try (var rows = new Values(statement).add(gid.value()).executeQuery()) {
        return rows.next();
      }
    }
  }

  /**
   * What is stored under some gids, as far as it can be read. They are texts: a row that was put
   * there by hand may have one that is no {@link Gid}.
   */
  Map<String, GlobalTransaction> findAll(Connection connection, List<String> gids)
      throws SQLException {
    var found = new HashMap<String, GlobalTransaction>();
    for (var part : parts(gids, gid -> 0)) {
      var sql =
          "SELECT %s FROM dtm_transaction WHERE gid IN %s"
              .formatted(RECORD_COLUMNS, Dialect.rowOfParameters(part.size()));
      try (var statement = connection.prepareStatement(sql)) {
        var values = new Values(statement);
        for (var gid : part) {
          values.add(gid);
        }
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            readIfReadable(rows).ifPresent(t -> found.put(t.gid().value(), t));
          }
        }
      }
    }
    return found;
  }

  /** The transaction of a row of {@link #RECORD_COLUMNS}. */
  private static GlobalTransaction read(ResultSet row) throws SQLException {
    var gid = gid(row.getString(1));
    var transaction =
        TransactionRecord.stored(row.getBytes(2), row.getBytes(3), row.getBytes(4)).read(gid);
    requireSame(gid, "version", row.getLong(5), transaction.version());
    requireSame(
        gid, "created_at", row.getLong(6), Micros.floor(transaction.definition().createdAt()));
    return transaction;
  }

  private static Gid gid(String stored) {
    try {
      return new Gid(stored);
    } catch (IllegalArgumentException e) {
      throw new RecordUnreadable(
          "transaction \"%s\": %s"
              .formatted(CONTROL_CHARACTER.matcher(stored).replaceAll("?"), e.getMessage()),
          e);
    }
  }

  /** Updates look for what the record says: they would never find a row that says otherwise. */
  private static void requireSame(Gid gid, String column, long inColumn, long inRecord) {
    if (inColumn != inRecord) {
      throw new RecordUnreadable(
          "transaction %s: column %s is %d (expected: %d, as in its record)"
              .formatted(gid, column, inColumn, inRecord),
          null);
    }
  }

  /**
   * Likewise, for scans, which one unreadable row must not stop: empty, and an error in the log.
   */
  Optional<GlobalTransaction> readIfReadable(ResultSet row) throws SQLException {
    try {
      return Optional.of(read(row));
    } catch (RecordUnreadable e) {
      LOG.error("{}: passed over a transaction: {}", name, e.getMessage(), e);
      return Optional.empty();
    }
  }
}
