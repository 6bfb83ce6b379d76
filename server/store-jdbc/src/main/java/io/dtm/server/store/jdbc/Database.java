package io.dtm.server.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.store.kit.RecordUnreadable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connections to a database, and what becomes of work when one of them fails. Thread-safe.
 *
 * <p>Work whose commit was not yet asked for has certainly not happened: after a deadlock or a lost
 * connection it is done again. From then on nobody knows, and the caller is told so. Where no
 * answer came in time, the next one would be as late: the caller is told at once.
 */
final class Database implements AutoCloseable {
  /** The name of the pool, with which its messages begin. */
  static final String POOL = "dtm-store";

  private static final int ATTEMPTS_MAX = 8;

  private final HikariDataSource pool;
  private final String name;

  /** Statements, and what is made of their results. May be done several times. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T with(Connection connection) throws SQLException;
  }

  /** What became of work that the database may not have taken. */
  sealed interface Attempt<T extends @Nullable Object> {
    /** Done, and durable if it was to be. */
    record Done<T extends @Nullable Object>(T result) implements Attempt<T> {}

    /** The database took one of its statements not, for its own sake: nothing was written. */
    record NotTaken<T extends @Nullable Object>(SqlFailure failure) implements Attempt<T> {}
  }

  Database(JdbcStoreConfig config, Dialect dialect) {
    this(config, dialect, config.lockTimeout());
  }

  /**
   * @param lockTimeout how long a statement may wait for a lock
   */
  Database(JdbcStoreConfig config, Dialect dialect, Duration lockTimeout) {
    this.name = config.describe();
    var hikari = new HikariConfig();
    hikari.setPoolName(POOL);
    hikari.setJdbcUrl(dialect.driverUrl(config));
    if (!config.user().isEmpty()) {
      hikari.setUsername(config.user());
    }
    if (!config.password().isEmpty()) {
      hikari.setPassword(config.password());
    }
    hikari.setDataSourceProperties(dialect.driverProperties(config, lockTimeout));
    hikari.setAutoCommit(false);
    hikari.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    hikari.setMaximumPoolSize(config.connectionsMax());
    hikari.setMinimumIdle(config.connectionsIdle());
    hikari.setMaxLifetime(config.connectionLifetime().toMillis());
    if (config.connectionsIdle() < config.connectionsMax()) {
      hikari.setIdleTimeout(config.connectionLifetime().dividedBy(2).toMillis());
    }
    hikari.setConnectionTimeout(config.connectTimeout().toMillis());
    hikari.setValidationTimeout(
        Math.min(config.connectTimeout().toMillis(), Duration.ofSeconds(2).toMillis()));
    // Opening the store asks for a connection right away, and says what is wrong in our words.
    hikari.setInitializationFailTimeout(-1);
    this.pool = new HikariDataSource(hikari);
  }

  DataSource dataSource() {
    return pool;
  }

  /** For messages. */
  String name() {
    return name;
  }

  /**
   * Does work that only reads.
   *
   * @throws StoreUnavailable when the database cannot be asked
   */
  <T extends @Nullable Object> T read(Work<T> work) {
    return run(work, false);
  }

  /**
   * Does work as one database transaction, durable when this returns.
   *
   * @throws StoreUnavailable when it was not done, or nobody knows; the message says which
   */
  <T extends @Nullable Object> T write(Work<T> work) {
    return run(work, true);
  }

  /** Likewise, for work that may meet a lock, or be too large. */
  <T extends @Nullable Object> Attempt<T> tryToWrite(Work<T> work) {
    return attempt(work, true);
  }

  /**
   * Likewise, but undoes everything when the work has no result.
   *
   * @return the result of the work
   */
  <T> Attempt<Optional<T>> tryToWriteIf(Work<Optional<T>> work) {
    return attempt(
        connection -> {
          var result = work.with(connection);
          if (result.isEmpty()) {
            connection.rollback();
          }
          return result;
        },
        true);
  }

  private <T extends @Nullable Object> T run(Work<T> work, boolean commits) {
    return switch (attempt(work, commits)) {
      case Attempt.Done<T>(var result) -> result;
      case Attempt.NotTaken<T>(var failure) -> throw unavailable(failure);
    };
  }

  private <T extends @Nullable Object> Attempt<T> attempt(Work<T> work, boolean commits) {
    for (int attempt = 1; ; attempt++) {
      boolean committing = false;
      try (var connection = pool.getConnection()) {
        try {
          var result = work.with(connection);
          if (commits) {
            committing = true;
            connection.commit();
          }
          return new Attempt.Done<>(result);
        } catch (SQLException | RuntimeException | Error e) {
          rollBack(connection, e);
          throw e;
        }
      } catch (RecordUnreadable e) {
        throw new StoredRecordUnreadable(name, String.valueOf(e.getMessage()), e);
      } catch (SQLException e) {
        var failure = SqlFailure.of(e, committing);
        if (failure.isOfStatement()) {
          return new Attempt.NotTaken<>(failure);
        }
        if (failure.spoilsOtherConnections()) {
          // The others in the pool are most likely dead as well; a fresh one tells.
          pool.getHikariPoolMXBean().softEvictConnections();
        }
        if (!failure.mayTryAgain() || attempt == ATTEMPTS_MAX) {
          throw unavailable(failure);
        }
      }
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  StoreUnavailable unavailable(SqlFailure failure) {
    return new StoreUnavailable("%s: %s".formatted(name, failure.describe()), failure.cause());
  }

  /** Ends all connections. Work that comes later is refused. */
  @Override
  public void close() {
    pool.close();
  }
}
