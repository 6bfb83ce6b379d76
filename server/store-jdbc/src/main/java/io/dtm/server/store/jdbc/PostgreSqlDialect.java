package io.dtm.server.store.jdbc;

import java.util.Optional;
import java.util.Properties;

/** PostgreSQL 13 and later, CockroachDB. */
final class PostgreSqlDialect implements Dialect {

  @Override
  public Optional<String> migrations() {
    return Optional.of("postgresql");
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "dtm-java");
    properties.setProperty("connectTimeout", Dialect.seconds(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.seconds(config.requestTimeout()));
    properties.setProperty("tcpKeepAlive", "true");
    if (!config.schema().isEmpty()) {
      properties.setProperty("currentSchema", config.schema());
    }
    return properties;
  }

  @Override
  public String time() {
    return "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
  }

  @Override
  public String insert(int rows) {
    return "INSERT INTO dtm_transaction (%s) VALUES %s ON CONFLICT (gid) DO NOTHING"
        .formatted(COLUMNS, Dialect.repeat(Dialect.rowOfParameters(COLUMN_COUNT), rows, ", "));
  }

  @Override
  public String update(Shape shape, int rows) {
    var extra = shape == Shape.PROGRESS ? "" : ", ?::bytea";
    var row =
        "(?::varchar, ?::bigint, ?::bigint, ?::varchar, ?::bigint, ?::smallint, ?::bigint, ?::bytea"
            + extra
            + ")";
    var change =
        switch (shape) {
          case PROGRESS -> "";
          case APPEND -> ", appended = t.appended || n.extra";
          case REDEFINE -> ", definition = n.extra, appended = ''::bytea";
        };
    return """
    UPDATE dtm_transaction t
    SET status = n.status, version = n.version, phase = n.phase, next_at = n.next_at,
      progress = n.progress%s
    FROM (VALUES %s)
      n (gid, expected, created_at, status, version, phase, next_at, progress%s)
    WHERE t.gid = n.gid AND t.version = n.expected AND t.created_at = n.created_at\
    """
        .formatted(
            change, Dialect.repeat(row, rows, ", "), shape == Shape.PROGRESS ? "" : ", extra");
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
    return "DELETE FROM dtm_transaction WHERE gid IN (%s)"
        .formatted(selectForUpdate("gid", "phase = ? AND next_at < ?", "next_at"));
  }

  @Override
  public String insertSetting() {
    return "INSERT INTO dtm_setting (%s) VALUES %s ON CONFLICT (category, name) DO NOTHING"
        .formatted(SettingTable.COLUMNS, Dialect.rowOfParameters(SettingTable.COLUMN_COUNT));
  }
}
