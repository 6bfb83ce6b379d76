package io.dtm.benchmarks.load;

import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import io.dtm.testing.databases.RedisServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A fresh, empty store for the server of a run; a database that it needs is started for it. */
final class ServerStore implements AutoCloseable {
  private static final String DATABASE = "dtm";
  private static final List<String> ROOM_IN_MARIADB =
      List.of("--innodb-buffer-pool-size=1G", "--innodb-log-file-size=512M");
  private static final List<String> ROOM_IN_POSTGRESQL =
      List.of("--shared_buffers=512MB", "--max_wal_size=4GB");

  private final String url;
  private final @Nullable DatabaseServer database;

  private ServerStore(String url, @Nullable DatabaseServer database) {
    this.url = url;
    this.database = database;
  }

  /** Which store. */
  enum Kind {
    ROCKSDB,
    MEMORY,
    MYSQL,
    POSTGRES,
    REDIS;

    /** The store that a word of a command line means. */
    static Kind of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.toString().equals(word))
          .findFirst()
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "store: %s (expected: one of %s)".formatted(word, Arrays.toString(values()))));
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param folder of the embedded store; it need not exist
   */
  static ServerStore open(Kind kind, Path folder) {
    return switch (kind) {
      case ROCKSDB -> new ServerStore("rocksdb:" + folder.toAbsolutePath(), null);
      case MEMORY -> new ServerStore("memory:", null);
      case MYSQL -> {
        var server = MariaDbServer.start(ROOM_IN_MARIADB);
        server.createDatabase(DATABASE);
        yield new ServerStore(
            "mysql://root@%s:%d/%s?sslMode=disable"
                .formatted(server.host(), server.port(), DATABASE),
            server);
      }
      case POSTGRES -> {
        var server = PostgreSqlServer.start(ROOM_IN_POSTGRESQL);
        server.createDatabase(DATABASE);
        yield new ServerStore(
            "postgres://postgres@%s:%d/%s?sslmode=disable"
                .formatted(server.host(), server.port(), DATABASE),
            server);
      }
      case REDIS -> {
        var server = RedisServer.start();
        yield new ServerStore(server.uri(), server);
      }
    };
  }

  /** As the setting {@code Store.Url} takes it. */
  String url() {
    return url;
  }

  Optional<DatabaseServer> database() {
    return Optional.ofNullable(database);
  }

  @Override
  public void close() {
    if (database != null) {
      database.close();
    }
  }
}
