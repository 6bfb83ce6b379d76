package io.dtm.server.store.jdbc;

import java.util.Optional;
import java.util.Properties;

/**
 * SQL Server 2017 and later. The library that migrates the others has no free edition for it, so
 * its tables are made with the script {@code sqlserver/V1__transactions_and_settings.sql}.
 */
final class SqlServerDialect implements Dialect {

  @Override
  public Optional<String> migrations() {
    return Optional.empty();
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config) {
    var properties = new Properties();
    properties.setProperty("applicationName", "dtm-java");
    properties.setProperty("loginTimeout", Dialect.seconds(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.millis(config.requestTimeout()));
    return properties;
  }

  @Override
  public String time() {
    return "SELECT DATEDIFF_BIG(MICROSECOND, '1970-01-01', SYSUTCDATETIME())";
  }

  @Override
  public String insert(int rows) {
    // The index of gids ignores duplicates.
    return "INSERT INTO dtm_transaction (%s) VALUES %s"
        .formatted(COLUMNS, Dialect.repeat(Dialect.rowOfParameters(COLUMN_COUNT), rows, ", "));
  }

  @Override
  public String update(Shape shape, int rows) {
    int columns = shape == Shape.PROGRESS ? 8 : 9;
    return """
    UPDATE t
    SET status = n.status, version = n.version, phase = n.phase, next_at = n.next_at,
      progress = n.progress%s
    FROM dtm_transaction t JOIN (VALUES %s)
      n (gid, expected, created_at, status, version, phase, next_at, progress%s)
    ON t.gid = n.gid AND t.version = n.expected AND t.created_at = n.created_at\
    """
        .formatted(
            switch (shape) {
              case PROGRESS -> "";
              case APPEND -> ", appended = t.appended + n.extra";
              case REDEFINE -> ", definition = n.extra, appended = 0x";
            },
            Dialect.repeat(Dialect.rowOfParameters(columns), rows, ", "),
            shape == Shape.PROGRESS ? "" : ", extra");
  }

  @Override
  public String select(String columns, String condition, String order) {
    return select("", columns, condition, order);
  }

  @Override
  public String selectForUpdate(String columns, String condition, String order) {
    return select(" WITH (ROWLOCK, UPDLOCK, READPAST)", columns, condition, order);
  }

  private static String select(String hints, String columns, String condition, String order) {
    return """
    SELECT %s FROM dtm_transaction%s WHERE %s ORDER BY %s
    OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY\
    """
        .formatted(columns, hints, condition, order);
  }

  @Override
  public String deleteFinished() {
    return "WITH oldest AS (%s) DELETE FROM oldest"
        .formatted(selectForUpdate("gid", "phase = ? AND next_at < ?", "next_at"));
  }

  @Override
  public String insertSetting() {
    return "INSERT INTO dtm_setting (%s) VALUES %s"
        .formatted(SettingTable.COLUMNS, Dialect.rowOfParameters(SettingTable.COLUMN_COUNT));
  }

  @Override
  public String bytes(String column) {
    return "DATALENGTH(" + column + ")";
  }
}
