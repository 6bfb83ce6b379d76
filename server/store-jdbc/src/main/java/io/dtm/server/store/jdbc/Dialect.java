package io.dtm.server.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What databases say differently. Every value is a parameter of its statement. Stateless. */
sealed interface Dialect permits MySqlDialect, PostgreSqlDialect, SqlServerDialect {

  /** The columns of a new transaction, in the order of its values. */
  String COLUMNS =
      "gid, mode, status, version, phase, claimed, created_at, next_at, definition, appended,"
          + " progress";

  int COLUMN_COUNT = 11;

  static Dialect of(String url) {
    if (url.startsWith("jdbc:mariadb:")) {
      if (url.contains("useAffectedRows")) {
        throw new IllegalArgumentException(
            "url: sets useAffectedRows (expected: that it is left to us, or a taken gid would count"
                + " as a new one)");
      }
      return new MySqlDialect();
    }
    if (url.startsWith("jdbc:postgresql:")) {
      return new PostgreSqlDialect();
    }
    if (url.startsWith("jdbc:sqlserver:")) {
      return new SqlServerDialect();
    }
    throw new IllegalArgumentException(
        "url: not that of a database we know (expected: jdbc:mariadb:… for MariaDB and MySQL,"
            + " jdbc:postgresql:… or jdbc:sqlserver:…)");
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

  /** Which servers it is for, in words. */
  String server();

  /** Whether a connection failed because something else answers at the place. */
  default boolean isOfAnotherServer(SQLException failure) {
    return false;
  }

  /** The folder of its migrations; empty: its operators make the tables themselves. */
  Optional<String> migrations();

  /** Waits for, and takes, a lock that is ours until the connection is closed. */
  String migrationLock();

  /**
   * The URL for the driver, without the operator's settings for each session: those are among
   * {@link #driverProperties}, where they stand beside ours.
   */
  default String driverUrl(JdbcStoreConfig config) {
    return config.url();
  }

  /**
   * What its driver must be told.
   *
   * @param lockTimeout how long a statement may wait for a lock that somebody else holds
   */
  Properties driverProperties(JdbcStoreConfig config, Duration lockTimeout);

  /** Selects the database's time, in microseconds since 1970. */
  String time();

  /** Selects how many bytes a packet to the server may have; empty: as many as a row may have. */
  default Optional<String> packetBytesMax() {
    return Optional.empty();
  }

  /**
   * How many transactions one insert best has: several where a server takes statements one by one,
   * a single one where it takes a batch of them in one go and tells what became of each.
   */
  int rowsPerInsert();

  /**
   * Inserts transactions, leaving out those whose gid is taken: the affected rows are those
   * inserted. Values: {@link #COLUMNS} of each row.
   */
  default String insert(int rows) {
    return "INSERT INTO dtm_transaction (%s) VALUES %s%s"
        .formatted(COLUMNS, repeat(rowOfParameters(COLUMN_COUNT), rows, ", "), unlessTaken("gid"));
  }

  /**
   * Updates a transaction if version and creation are the expected ones. Values: status, version,
   * phase, claimed, next_at, progress; then by shape what is appended, or the definition; then gid,
   * expected version, created_at.
   */
  default String update(Shape shape) {
    return "UPDATE dtm_transaction SET status = ?, version = ?, phase = ?, claimed = ?, next_at = ?,"
        + " progress = ?"
        + switch (shape) {
          case PROGRESS -> "";
          case APPEND -> ", appended = " + joined("appended", "?");
          case REDEFINE -> ", definition = ?, appended = " + noBytes();
        }
        + " WHERE gid = ? AND version = ? AND created_at = ?";
  }

  /** The end of an insert that leaves out rows whose key is taken. */
  String unlessTaken(String key);

  /** Two columns or values of bytes, one behind the other. */
  String joined(String first, String second);

  /** A value of no bytes. */
  String noBytes();

  /** Selects the first transactions of a listing, as many as the last parameter says. */
  String select(String columns, String condition, String order);

  /** Selects the first transactions in the order of time, as many as the last parameter says. */
  default String selectByTime(String columns, String condition, String order) {
    return select(columns, condition, order);
  }

  /**
   * Selects the first transactions in the order of time, as many as the last parameter says, and
   * locks them until the end; those that others have locked are left out.
   */
  String selectForUpdate(String columns, String condition, String order);

  /** Locks a transaction until the end, or selects nothing if others have. Value: gid. */
  default String lockUnlessLocked() {
    return "SELECT gid FROM dtm_transaction WHERE gid = ? FOR UPDATE SKIP LOCKED";
  }

  /** Inserts a setting unless it is there. Values: category, name, value, version, two times. */
  default String insertSetting() {
    return "INSERT INTO dtm_setting (%s) VALUES %s%s"
        .formatted(
            SettingTable.COLUMNS,
            rowOfParameters(SettingTable.COLUMN_COUNT),
            unlessTaken("category, name"));
  }

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
