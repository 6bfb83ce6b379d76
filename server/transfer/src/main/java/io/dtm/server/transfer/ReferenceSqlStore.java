package io.dtm.server.transfer;

import io.dtm.server.core.Payload;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the tables {@code trans_global}, {@code trans_branch_op} and {@code kv}. */
final class ReferenceSqlStore implements ReferenceStore {
  /*
   * "Unfinished" is whatever has not one of the two final statuses: a row with a status that nobody
   * knows is better reported than overlooked. Pages go by the row's id, so the table, most of which
   * is finished, is read once from end to end.
   */
  private static final String UNFINISHED = "status not in ('succeed', 'failed')";

  private static final String PAGE =
      """
      select id, gid, trans_type, status, query_prepared, protocol, create_time, update_time,
        options, custom_data, next_cron_interval, next_cron_time, rollback_reason, result
      from trans_global where %s and id > ? order by id limit ?
      """
          .formatted(UNFINISHED);

  private static final String BRANCHES =
      """
      select gid, url, bin_data, branch_id, op, status, create_time, update_time, finish_time
      from trans_branch_op where gid in
      """;

  private static final String COUNTS =
      """
      select (select count(*) from trans_global where %1$s) as transactions,
        (select count(*) from trans_branch_op
          where gid in (select gid from trans_global where %1$s)) as branches,
        (select count(*) from kv where cat = '%2$s') as topics
      """
          .formatted(UNFINISHED, ReferenceWords.TOPICS);

  private static final String MARK =
      """
      select count(*) as transactions, max(update_time) as updated, max(next_cron_time) as due,
        max(owner) as owner, (select max(id) from trans_global) as last_id
      from trans_global where %s
      """
          .formatted(UNFINISHED);

  private static final String TOPICS =
      "select k, v from kv where cat = '%s' order by k".formatted(ReferenceWords.TOPICS);

  private static final String DATA_EXCEPTION_CLASS = "22";

  private final ReferenceUrl url;
  private final SqlDialect dialect;
  private final Connection connection;

  /** What is done with a connection. */
  @FunctionalInterface
  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private ReferenceSqlStore(ReferenceUrl url, SqlDialect dialect, Connection connection) {
    this.url = url;
    this.dialect = dialect;
    this.connection = connection;
  }

  static ReferenceSqlStore open(ReferenceUrl url, SqlDialect dialect) {
    try {
      var connection = dialect.connect(url.user(), url.password());
      connection.setReadOnly(true);
      return new ReferenceSqlStore(url, dialect, connection);
    } catch (SQLException e) {
      throw new ReferenceUnreadable("%s: %s".formatted(url, e.getMessage()), e);
    }
  }

  @Override
  public String describe() {
    return dialect.note().isEmpty() ? url.toString() : "%s (%s)".formatted(url, dialect.note());
  }

  @Override
  public Counts counts() {
    return one(
        COUNTS,
        row ->
            new Counts(
                row.getLong("transactions"), row.getLong("branches"), row.getLong("topics")));
  }

  @Override
  public String mark() {
    return one(
        MARK,
        row ->
            String.join(
                " ",
                row.getString("transactions"),
                row.getString("updated"),
                row.getString("due"),
                row.getString("owner"),
                row.getString("last_id")));
  }

  /** What is made of one row. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(ResultSet row) throws SQLException;
  }

  private <T> T one(String query, Reading<T> reading) {
    return read(open -> {
      try (var statement = open.prepareStatement(query);
          var row = statement.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("no row (expected: one)");
        }
        return reading.of(row);
      }
    });
  }

  @Override
  public Page list(String position, int limit) {
    return read(open -> {
      var heads = heads(open, position.isEmpty() ? 0 : Long.parseLong(position), limit);
      var branches = branches(open, heads.stream().map(Head::gid).toList());
      var rows =
          heads.stream()
              .map(head -> head.row(branches.getOrDefault(head.gid(), Branches.none())))
              .toList();
      return new Page(rows, heads.size() < limit ? "" : Long.toString(heads.getLast().id()));
    });
  }

  /**
   * A row without its branches.
   *
   * @param flaw why it cannot be taken on; empty when it can
   */
  private record Head(
      long id, String gid, @Nullable ReferenceTransaction transaction, String flaw) {
    Row row(Branches branches) {
      var why = flaw.isEmpty() ? branches.flaw() : flaw;
      return transaction == null || !why.isEmpty()
          ? new Row.Damaged(gid, branches.count(), why)
          : new Row.Found(transaction.withBranches(branches.read()));
    }
  }

  /** The branches of one transaction. Not thread-safe. */
  private static final class Branches {
    private final List<ReferenceBranch> read = new ArrayList<>();
    private int count;
    private String flaw = "";

    static Branches none() {
      return new Branches();
    }

    List<ReferenceBranch> read() {
      return read;
    }

    int count() {
      return count;
    }

    String flaw() {
      return flaw;
    }
  }

  private List<Head> heads(Connection open, long after, int limit) throws SQLException {
    try (var statement = open.prepareStatement(PAGE)) {
      statement.setLong(1, after);
      statement.setInt(2, limit);
      try (var row = statement.executeQuery()) {
        var heads = new ArrayList<Head>();
        while (row.next()) {
          heads.add(head(row));
        }
        return heads;
      }
    }
  }

  private Head head(ResultSet row) throws SQLException {
    var id = row.getLong("id");
    var gid = text(row, "gid");
    try {
      return new Head(id, gid, transaction(row), "");
    } catch (IllegalArgumentException e) {
      return new Head(id, gid, null, String.valueOf(e.getMessage()));
    }
  }

  private ReferenceTransaction transaction(ResultSet row) throws SQLException {
    var outcome =
        new ReferenceTransaction.Outcome(text(row, "rollback_reason"), text(row, "result"));
    var times =
        new ReferenceTransaction.Times(
            time(row, "create_time"),
            time(row, "update_time"),
            time(row, "next_cron_time"),
            row.getLong("next_cron_interval"));
    return new ReferenceTransaction(
        text(row, "gid"),
        text(row, "trans_type"),
        text(row, "status"),
        text(row, "protocol"),
        text(row, "query_prepared"),
        text(row, "options"),
        text(row, "custom_data"),
        outcome,
        times,
        List.of());
  }

  private Map<String, Branches> branches(Connection open, List<String> gids) throws SQLException {
    if (gids.isEmpty()) {
      return Map.of();
    }
    var marks = "(?" + ", ?".repeat(gids.size() - 1) + ")";
    try (var statement = open.prepareStatement(BRANCHES + marks + " order by id")) {
      bind(statement, gids);
      try (var row = statement.executeQuery()) {
        var branches = new HashMap<String, Branches>();
        while (row.next()) {
          add(row, branches.computeIfAbsent(text(row, "gid"), gid -> new Branches()));
        }
        return branches;
      }
    }
  }

  private static void bind(PreparedStatement statement, List<String> texts) throws SQLException {
    for (int i = 0; i < texts.size(); i++) {
      statement.setString(i + 1, texts.get(i));
    }
  }

  private void add(ResultSet row, Branches branches) throws SQLException {
    branches.count++;
    try {
      branches.read.add(branch(row));
    } catch (IllegalArgumentException e) {
      branches.flaw = "branch %s: %s".formatted(text(row, "branch_id"), e.getMessage());
    }
  }

  private ReferenceBranch branch(ResultSet row) throws SQLException {
    var binData = row.getBytes("bin_data");
    return new ReferenceBranch(
        text(row, "branch_id"),
        text(row, "op"),
        text(row, "status"),
        text(row, "url"),
        binData == null ? Payload.empty() : Payload.of(binData),
        new ReferenceBranch.Times(
            time(row, "create_time"), time(row, "update_time"), time(row, "finish_time")));
  }

  @Override
  public List<ReferenceTopic> topics() {
    return read(open -> {
      try (var statement = open.prepareStatement(TOPICS);
          var row = statement.executeQuery()) {
        var topics = new ArrayList<ReferenceTopic>();
        while (row.next()) {
          topics.add(new ReferenceTopic(text(row, "k"), text(row, "v")));
        }
        return topics;
      }
    });
  }

  /** A value that is no time, such as a month 0 of MySQL, concerns its row and not the import. */
  private @Nullable Instant time(ResultSet row, String column) throws SQLException {
    try {
      return dialect.times().read(row, column);
    } catch (SQLException e) {
      if (e instanceof SQLDataException
          || String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION_CLASS)) {
        throw new IllegalArgumentException("%s: no time (%s)".formatted(column, e.getMessage()), e);
      }
      throw e;
    }
  }

  private static String text(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNullElse(row.getString(column), "");
  }

  private <T> T read(Work<T> work) {
    try {
      return work.with(connection);
    } catch (SQLException e) {
      throw new ReferenceUnreadable("%s: %s".formatted(url, e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new ReferenceUnreadable("%s: not closed: %s".formatted(url, e.getMessage()), e);
    }
  }
}
