package io.dtm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.protocol.Paths;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import io.dtm.testing.databases.PostgreSqlServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a server of the first format of records left in its store, in the middle of everything, is
 * taken to its end. Its participants were at {@code participant.test} and answered with 500, or
 * refused; ours stands in as the proxy that leads there.
 */
class UpgradeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration STEP = Duration.ofMillis(50);

  /** A prepared saga waits for its client, and a workflow is resumed until its client ends it. */
  private static final Map<String, String> ENDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("saga-submitted", "succeed"),
              Map.entry("saga-aborting", "failed"),
              Map.entry("saga-prepared", "prepared"),
              Map.entry("msg-submitted", "succeed"),
              Map.entry("msg-prepared", "succeed"),
              Map.entry("tcc-submitted", "succeed"),
              Map.entry("tcc-aborting", "failed"),
              Map.entry("xa-submitted", "succeed"),
              Map.entry("xa-aborting", "failed"),
              Map.entry("workflow-prepared", "prepared"),
              Map.entry("saga-finished", "succeed"),
              Map.entry("saga-topic-free", "succeed")));

  private final Queue<String> calls = new ConcurrentLinkedQueue<>();
  private HttpServer proxy;

  @BeforeEach
  void startProxy() throws IOException {
    proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    proxy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    proxy.createContext("/", this::answer);
    proxy.start();
  }

  @AfterEach
  void stopProxy() {
    proxy.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var tenant = exchange.getRequestHeaders().getFirst("x-tenant");
      calls.add(exchange.getRequestURI().getPath() + (tenant == null ? "" : " for a tenant"));
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private Server start(String storeUrl) {
    var environment =
        Map.of(
            "BIND_HOST", "127.0.0.1",
            "HTTP_PORT", "0",
            "GRPC_PORT", "0",
            "STORE_URL", storeUrl,
            "STORE_DATA_EXPIRE", "0",
            "DRAIN_TIMEOUT", "0",
            "HTTP_PROXY", "http://127.0.0.1:" + proxy.getAddress().getPort());
    return Server.start(
        ServerConfig.from(SettingsLoader.load(Optional.empty(), environment), environment));
  }

  private static InputStream fixture(String name) {
    return Objects.requireNonNull(UpgradeTest.class.getResourceAsStream(name), name);
  }

  @Test
  void everythingInTheEmbeddedStoreGoesOn(@TempDir Path folder) throws Exception {
    var store = folder.resolve("store");
    try (var zip = new ZipInputStream(fixture("first-format-rocksdb.zip"))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = store.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.getParent());
          Files.copy(zip, file);
        }
      }
    }

    try (var server = start("rocksdb:" + store)) {
      assertEverythingEnds(server);
    }
  }

  @Test
  void everythingInAnSqlDatabaseGoesOn() throws Exception {
    try (var database = PostgreSqlServer.start()) {
      database.createDatabase("dtm");
      var url = "postgres://postgres@%s:%d/dtm?sslmode=disable";
      var storeUrl = url.formatted(database.host(), database.port());
      start(storeUrl).close();
      insert(database.jdbcUrl("dtm"));

      try (var server = start(storeUrl)) {
        assertEverythingEnds(server);
      }
    }
  }

  private static void insert(String jdbcUrl) throws SQLException, IOException {
    var sql =
        """
        INSERT INTO dtm_transaction (gid, mode, status, version, phase, claimed, created_at,
          next_at, definition, appended, progress)
        VALUES (?, ?, ?, ?::bigint, ?::smallint, ?::smallint, ?::bigint, ?::bigint,
          decode(?, 'hex'), decode(?, 'hex'), decode(?, 'hex'))
        """;
    try (var rows = fixture("first-format-postgres.txt");
        var connection = DriverManager.getConnection(jdbcUrl);
        var statement = connection.prepareStatement(sql)) {
      for (var row : new String(rows.readAllBytes(), UTF_8).lines().toList()) {
        var values = row.split("\t", -1);
        for (int i = 0; i < values.length; i++) {
          statement.setString(i + 1, values[i]);
        }
        statement.executeUpdate();
      }
    }
  }

  private void assertEverythingEnds(Server server) {
    try (var api = new ServerApi("http://127.0.0.1:" + server.httpPort())) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (System.nanoTime() < end
          && !(statuses(api).equals(ENDS) && calls.contains("/workflow"))) {
        LockSupport.parkNanos(STEP.toNanos());
      }

      assertThat(statuses(api)).isEqualTo(ENDS);
      assertThat(calls)
          .as("of the sagas with their headers, of the others without")
          .contains("/a for a tenant", "/b for a tenant", "/a-undo for a tenant")
          .contains("/a", "/b", "/check", "/confirm", "/cancel", "/xa", "/workflow");
    }
  }

  private static Map<String, String> statuses(ServerApi api) {
    var found = new TreeMap<String, String>();
    for (var transaction : api.get(Paths.ALL).path("transactions")) {
      found.put(transaction.path("gid").asText(), transaction.path("status").asText());
    }
    return found;
  }
}
