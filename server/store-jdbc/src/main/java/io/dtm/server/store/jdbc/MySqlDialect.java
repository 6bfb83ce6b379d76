package io.dtm.server.store.jdbc;

import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/** MySQL 8, MariaDB 10.6 and later, TDSQL, TiDB. */
final class MySqlDialect implements Dialect {
  private static final String SESSION_VARIABLES = "sessionVariables";

  @Override
  public String server() {
    return "a server of the MySQL family";
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of("mysql");
  }

  @Override
  public String migrationLock() {
    // The lock is the server's, not the database's; its name has at most 64 characters.
    return "SELECT GET_LOCK(CONCAT('dtm migration ', MD5(DATABASE())), 21600)";
  }

  @Override
  public String driverUrl(JdbcStoreConfig config) {
    return sessionVariables(config).url();
  }

  private static UrlParameter sessionVariables(JdbcStoreConfig config) {
    return UrlParameter.of(config.url(), SESSION_VARIABLES);
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config, Duration lockTimeout) {
    var properties = new Properties();
    properties.setProperty("connectTimeout", Dialect.millis(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.millis(config.requestTimeout()));
    properties.setProperty(
        SESSION_VARIABLES,
        sessionVariables(config)
            .joined("innodb_lock_wait_timeout=" + Dialect.seconds(lockTimeout), ","));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("useServerPrepStmts", "true");
    properties.setProperty("cachePrepStmts", "true");
    // MariaDB then takes a batch of updates in one message.
    properties.setProperty("useBulkStmts", "true");
    // An insert that leaves out a taken gid must not count as one.
    properties.setProperty("useAffectedRows", "true");
    return properties;
  }

  @Override
  public String time() {
    return "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))";
  }

  @Override
  public Optional<String> packetBytesMax() {
    return Optional.of("SELECT @@max_allowed_packet");
  }

  @Override
  public int rowsPerInsert() {
    return 64;
  }

  @Override
  public String unlessTaken(String key) {
    // Not INSERT IGNORE, which would also cut off what is too long.
    var column = key.replaceFirst(",.*", "");
    return " ON DUPLICATE KEY UPDATE %s = %s".formatted(column, column);
  }

  @Override
  public String joined(String first, String second) {
    return "CONCAT(%s, %s)".formatted(first, second);
  }

  @Override
  public String noBytes() {
    return "''";
  }

  @Override
  public String select(String columns, String condition, String order) {
    // Told nothing, MariaDB enters the index at the newest of a status, however deep the page is.
    return select("dtm_transaction_listing", columns, condition, order);
  }

  @Override
  public String selectByTime(String columns, String condition, String order) {
    return select("dtm_transaction_next", columns, condition, order);
  }

  @Override
  public String selectForUpdate(String columns, String condition, String order) {
    return selectByTime(columns, condition, order) + " FOR UPDATE SKIP LOCKED";
  }

  private static String select(String index, String columns, String condition, String order) {
    return "SELECT %s FROM dtm_transaction FORCE INDEX (%s) WHERE %s ORDER BY %s LIMIT ?"
        .formatted(columns, index, condition, order);
  }
}
