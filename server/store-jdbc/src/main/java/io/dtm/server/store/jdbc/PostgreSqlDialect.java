package io.dtm.server.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** PostgreSQL 13 and later, CockroachDB. */
final class PostgreSqlDialect implements Dialect {
  private static final String OPTIONS = "options";

  /** The driver has no other sign of it. */
  private static final Set<String> NO_ANSWER_OF_OURS =
      Set.of(
          "An error occurred while setting up the SSL connection.",
          "Protocol error.  Session setup failed.");

  @Override
  public String server() {
    return "PostgreSQL";
  }

  /** MySQL speaks first, and what it says is no answer to the question for TLS. */
  @Override
  public boolean isOfAnotherServer(SQLException failure) {
    return NO_ANSWER_OF_OURS.contains(String.valueOf(failure.getMessage()));
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of("postgresql");
  }

  @Override
  public String migrationLock() {
    return "SELECT pg_advisory_lock(hashtext('dtm migration'))";
  }

  @Override
  public String driverUrl(JdbcStoreConfig config) {
    return options(config).url();
  }

  private static UrlParameter options(JdbcStoreConfig config) {
    return UrlParameter.of(config.url(), OPTIONS).decoded();
  }

  @Override
  public Properties driverProperties(JdbcStoreConfig config, Duration lockTimeout) {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "dtm-java");
    properties.setProperty("connectTimeout", Dialect.seconds(config.connectTimeout()));
    properties.setProperty("socketTimeout", Dialect.seconds(config.requestTimeout()));
    properties.setProperty("tcpKeepAlive", "true");
    // Every statement has its index. Without enable_seqscan=off, a plan that is kept from when the
    // table was small reads all of it when it has grown.
    properties.setProperty(
        OPTIONS,
        options(config)
            .joined("-c enable_seqscan=off -c lock_timeout=" + Dialect.millis(lockTimeout), " "));
    if (!config.schema().isEmpty()) {
      properties.setProperty("currentSchema", quoted(config.schema()));
    }
    return properties;
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @Override
  public String time() {
    return "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
  }

  @Override
  public int rowsPerInsert() {
    return 1;
  }

  @Override
  public String unlessTaken(String key) {
    return " ON CONFLICT (%s) DO NOTHING".formatted(key);
  }

  @Override
  public String joined(String first, String second) {
    return first + " || " + second;
  }

  @Override
  public String noBytes() {
    return "''::bytea";
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
}
