package io.dtm.server.store.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What databases say differently. Every value is a parameter of its statement. Stateless. */
sealed interface Dialect permits MySqlDialect, PostgreSqlDialect, SqlServerDialect {

  /** The columns of a new transaction, in the order of its values. */
  String COLUMNS =
      "gid, mode, status, version, phase, created_at, next_at, definition, appended, progress";

  int COLUMN_COUNT = 10;

  static Dialect of(String url) {
    if (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")) {
      return new MySqlDialect();
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return new PostgreSqlDialect();
    }
    if (url.startsWith("jdbc:sqlserver:")) {
      return new SqlServerDialect();
    }
    throw new IllegalArgumentException(
        "url: not that of a database we know (expected: jdbc:mariadb:…, jdbc:postgresql:… or"
            + " jdbc:sqlserver:…)");
  }

  /** What an update changes, and so which values it has. */
  enum Shape {
    /** Status, schedule and progress. */
    PROGRESS,
    /** And branches are appended. */
    APPEND,
    /** And the definition is replaced, with all branches in it. */
    REDEFINE
  }

  /** The folder of its migrations; empty: its operators make the tables themselves. */
  Optional<String> migrations();

  /** What its driver must be told. */
  Properties driverProperties(JdbcStoreConfig config);

  /** Selects the database's time, in microseconds since 1970. */
  String time();

  /**
   * Inserts transactions, leaving out those whose gid is taken: the affected rows are those
   * inserted. Values: {@link #COLUMNS} of each row.
   */
  String insert(int rows);

  /**
   * Updates transactions whose version and creation are the expected ones: the affected rows are
   * those updated. Values of each row: gid, expected version, created_at, status, version, phase,
   * next_at, progress; then by shape what is appended, or the definition.
   */
  String update(Shape shape, int rows);

  /** Selects the first transactions in some order, as many as the last parameter says. */
  String select(String columns, String condition, String order);

  /** Likewise, and locks them until the end; those that others have locked are left out. */
  String selectForUpdate(String columns, String condition, String order);

  /** Deletes the first transactions of a phase. Values: phase, next_at before, limit. */
  String deleteFinished();

  /** Inserts a setting unless it is there. Values: category, name, value, version, two times. */
  String insertSetting();

  /** How many bytes a column has. */
  default String bytes(String column) {
    return "LENGTH(" + column + ")";
  }

  /** {@code part} so many times, with {@code separator} between. */
  static String repeat(String part, int times, String separator) {
    return Stream.generate(() -> part).limit(times).collect(Collectors.joining(separator));
  }

  /** {@code (?, ?, …)}, as many as there are columns. */
  static String rowOfParameters(int columns) {
    return "(" + repeat("?", columns, ", ") + ")";
  }

  static String millis(Duration duration) {
    return String.valueOf(duration.toMillis());
  }

  /** Whole seconds, at least one. */
  static String seconds(Duration duration) {
    return String.valueOf(Math.max(1, duration.toSeconds()));
  }
}
