package io.dtm.testing.databases;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where servers of ours keep their transactions during a test: a database of its own, durable
 * enough for what it acknowledged to survive a {@code kill -9}, or a folder.
 */
public final class StorePlace implements AutoCloseable {
  private static final String DATABASE = "dtm";
  private static final List<String> SYNCED_REDIS = List.of("--appendfsync", "always");

  private final String url;
  private final @Nullable DatabaseServer database;
  private final AutoCloseable owner;

  private StorePlace(String url, @Nullable DatabaseServer database, AutoCloseable owner) {
    this.url = url;
    this.database = database;
    this.owner = owner;
  }

  /**
   * Starts what the store needs.
   *
   * @param folder for the embedded store; it need not exist
   */
  public static StorePlace open(StoreKind kind, Path folder) {
    return switch (kind) {
      case ROCKSDB -> new StorePlace("rocksdb:" + folder.toAbsolutePath(), null, () -> {});
      case MYSQL -> mysql();
      case POSTGRES -> postgres();
      case REDIS -> {
        var server = RedisServer.start(SYNCED_REDIS);
        yield new StorePlace(server.uri(), server, server);
      }
      case REDIS_CLUSTER -> {
        var cluster = RedisCluster.start();
        yield new StorePlace("redis://" + String.join(",", cluster.nodes()), null, cluster);
      }
    };
  }

  private static StorePlace mysql() {
    var server = MariaDbServer.start();
    server.createDatabase(DATABASE);
    return new StorePlace(
        "mysql://root@%s:%d/%s?sslMode=disable".formatted(server.host(), server.port(), DATABASE),
        server,
        server);
  }

  private static StorePlace postgres() {
    var server = PostgreSqlServer.start();
    server.createDatabase(DATABASE);
    return new StorePlace(
        "postgres://postgres@%s:%d/%s?sslmode=disable"
            .formatted(server.host(), server.port(), DATABASE),
        server,
        server);
  }

  /** As the setting {@code Store.Url} takes it. */
  public String url() {
    return url;
  }

  /** The one server behind it, to be treated roughly; empty for a folder and for a cluster. */
  public Optional<DatabaseServer> database() {
    return Optional.ofNullable(database);
  }

  /** Ends what was started. A folder stays. */
  @Override
  public void close() {
    try {
      owner.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(url + ": not closed", e);
    }
  }
}
