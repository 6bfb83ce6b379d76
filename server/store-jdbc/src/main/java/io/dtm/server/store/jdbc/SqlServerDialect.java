package io.dtm.server.store.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * SQL Server 2017 and later. The library that migrates the others has no free edition for it, so
 * its tables are made with the script {@code sqlserver/V1__transactions_and_settings.sql}.
 */
final class SqlServerDialect implements Dialect {

  @Override
  public String server() {
    return "SQL Server";
  }

  @Override
  public Optional<String> migrations() {
    return Optional.empty();
  }

  @Override
  public String migrationLock() {
    throw new UnsupportedOperationException("there are no migrations for SQL Server");
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config, Duration lockTimeout) {
    var properties = new Properties();
    properties.setProperty("applicationName", "dtm-java");
    properties.setProperty("loginTimeout", Dialect.seconds(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.millis(config.requestTimeout()));
    properties.setProperty("lockTimeout", Dialect.millis(lockTimeout));
    return properties;
  }

  @Override
  public String time() {
    return "SELECT DATEDIFF_BIG(MICROSECOND, '1970-01-01', SYSUTCDATETIME())";
  }

  @Override
  public int rowsPerInsert() {
    return 1;
  }

  @Override
  public String unlessTaken(String key) {
    // The indexes ignore duplicates.
    return "";
  }

  @Override
  public String joined(String first, String second) {
    return first + " + " + second;
  }

  @Override
  public String noBytes() {
    return "0x";
  }

  @Override
  public String select(String columns, String condition, String order) {
    return select("", columns, condition, order);
  }

  @Override
  public String selectForUpdate(String columns, String condition, String order) {
    return select(" WITH (ROWLOCK, UPDLOCK, READPAST)", columns, condition, order);
  }

  @Override
  public String lockUnlessLocked() {
    return "SELECT gid FROM dtm_transaction WITH (ROWLOCK, UPDLOCK, READPAST) WHERE gid = ?";
  }

  private static String select(String hints, String columns, String condition, String order) {
    return """
    SELECT %s FROM dtm_transaction%s WHERE %s ORDER BY %s
    OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY\
    """
        .formatted(columns, hints, condition, order);
  }

  @Override
  public String bytes(String column) {
    return "DATALENGTH(" + column + ")";
  }
}
