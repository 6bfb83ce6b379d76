package io.dtm.server.store.jdbc;

import io.dtm.server.core.StoreUnavailable;
import java.net.UnknownHostException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries once whether a database lets us in. The pool tries until the time for a connection is over,
 * and so takes long to say what cannot get better.
 */
final class FirstConnection {
  /** PostgreSQL: user or password is wrong (the class); the database is not there. */
  private static final String NOT_AUTHORIZED_CLASS = "28";

  private static final String NO_SUCH_DATABASE = "3D000";

  /** MySQL: no right to the database; user or password is wrong; the database is not there. */
  private static final Set<Integer> MYSQL_REFUSALS = Set.of(1044, 1045, 1049);

  /** SQL Server: the database cannot be opened; user or password is wrong. */
  private static final Set<Integer> SQL_SERVER_REFUSALS = Set.of(4060, 18456);

  private final JdbcStoreConfig config;
  private final Dialect dialect;

  FirstConnection(JdbcStoreConfig config, Dialect dialect) {
    this.config = config;
    this.dialect = dialect;
  }

  /**
   * Connects, and closes the connection. A server that is only not there yet is left to the pool.
   *
   * @throws DatabaseUnusable when trying again would not help
   * @throws StoreUnavailable when there is no answer in time
   */
  void require() {
    try {
      DriverManager.getConnection(dialect.driverUrl(config), properties()).close();
    } catch (SQLException e) {
      var failure = SqlFailure.of(e, false);
      if (isHopeless(e)) {
        throw new DatabaseUnusable(said(failure.describe()), e);
      }
      var host = unknownHost(e);
      if (host != null) {
        throw new DatabaseUnusable(said("host %s is not known on this machine".formatted(host)), e);
      }
      if (failure.kind() == SqlFailure.Kind.TIMED_OUT) {
        throw new StoreUnavailable(
            said(
                "no answer within %s (expected: %s)"
                    .formatted(config.connectTimeout(), dialect.server())),
            e);
      }
      if (dialect.isOfAnotherServer(e)) {
        throw new DatabaseUnusable(
            said(
                "what answers there does not speak the protocol (expected: %s): %s"
                    .formatted(dialect.server(), e.getMessage())),
            e);
      }
    }
  }

  private String said(String why) {
    return "%s: %s".formatted(config.describe(), why);
  }

  private Properties properties() {
    var properties = new Properties();
    properties.putAll(dialect.driverProperties(config, config.lockTimeout()));
    if (!config.user().isEmpty()) {
      properties.setProperty("user", config.user());
    }
    if (!config.password().isEmpty()) {
      properties.setProperty("password", config.password());
    }
    return properties;
  }

  private static @Nullable String unknownHost(SQLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException unknown) {
        return String.valueOf(unknown.getMessage()).replaceFirst(":.*", "");
      }
    }
    return null;
  }

  private static boolean isHopeless(SQLException e) {
    var state = String.valueOf(e.getSQLState());
    return state.startsWith(NOT_AUTHORIZED_CLASS)
        || state.equals(NO_SUCH_DATABASE)
        || MYSQL_REFUSALS.contains(e.getErrorCode())
        || SQL_SERVER_REFUSALS.contains(e.getErrorCode());
  }
}
