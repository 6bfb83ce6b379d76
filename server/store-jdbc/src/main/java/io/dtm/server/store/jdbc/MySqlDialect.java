package io.dtm.server.store.jdbc;

import java.util.Optional;
import java.util.Properties;

/** MySQL 8, MariaDB 10.6 and later, TDSQL, TiDB. */
final class MySqlDialect implements Dialect {

  @Override
  public Optional<String> migrations() {
    return Optional.of("mysql");
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config) {
    var properties = new Properties();
    properties.setProperty("connectTimeout", Dialect.millis(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.millis(config.requestTimeout()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("useServerPrepStmts", "true");
    properties.setProperty("cachePrepStmts", "true");
    // An insert that leaves out a taken gid must not count as one.
    properties.setProperty("useAffectedRows", "true");
    return properties;
  }

  @Override
  public String time() {
    return "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))";
  }

  @Override
  public String insert(int rows) {
    // Not INSERT IGNORE, which would also cut off what is too long.
    return "INSERT INTO dtm_transaction (%s) VALUES %s ON DUPLICATE KEY UPDATE gid = gid"
        .formatted(COLUMNS, Dialect.repeat(Dialect.rowOfParameters(COLUMN_COUNT), rows, ", "));
  }

  @Override
  public String update(Shape shape, int rows) {
    var extra = shape == Shape.PROGRESS ? "" : ", ?";
    var first =
        "SELECT CONVERT(? USING utf8mb4) COLLATE utf8mb4_bin AS gid, ? AS expected,"
            + " ? AS created_at, ? AS status, ? AS version, ? AS phase, ? AS next_at, ? AS progress"
            + (shape == Shape.PROGRESS ? "" : ", ? AS extra");
    var next = " UNION ALL SELECT ?, ?, ?, ?, ?, ?, ?, ?" + extra;
    return """
    UPDATE (%s%s) n STRAIGHT_JOIN dtm_transaction t
      ON t.gid = n.gid AND t.version = n.expected AND t.created_at = n.created_at
    SET t.status = n.status, t.version = n.version, t.phase = n.phase, t.next_at = n.next_at,
      t.progress = n.progress%s\
    """
        .formatted(
            first,
            next.repeat(rows - 1),
            switch (shape) {
              case PROGRESS -> "";
              case APPEND -> ", t.appended = CONCAT(t.appended, n.extra)";
              case REDEFINE -> ", t.definition = n.extra, t.appended = ''";
            });
  }

  @Override
  public String select(String columns, String condition, String order) {
    return "SELECT %s FROM dtm_transaction WHERE %s ORDER BY %s LIMIT ?"
        .formatted(columns, condition, order);
  }

  @Override
  public String selectForUpdate(String columns, String condition, String order) {
    return select(columns, condition, order) + " FOR UPDATE SKIP LOCKED";
  }

  @Override
  public String deleteFinished() {
    return "DELETE FROM dtm_transaction WHERE phase = ? AND next_at < ? ORDER BY next_at LIMIT ?";
  }

  @Override
  public String insertSetting() {
    return "INSERT INTO dtm_setting (%s) VALUES %s ON DUPLICATE KEY UPDATE name = name"
        .formatted(SettingTable.COLUMNS, Dialect.rowOfParameters(SettingTable.COLUMN_COUNT));
  }
}
