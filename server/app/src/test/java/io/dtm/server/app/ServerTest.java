package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dtm.server.api.HttpEdgeConfig;
import io.dtm.server.api.grpc.GrpcEdgeConfig;
import io.dtm.server.branch.AlertConfig;
import io.dtm.server.stores.StoreConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ServerTest {
  @TempDir private Path folder = Path.of(".");
  @AutoClose private final HttpClient client = HttpClient.newHttpClient();

  private static ServerConfig config(int port, StoreConfig store) {
    var http = HttpEdgeConfig.defaults();
    return new ServerConfig(
        new HttpEdgeConfig(
            port,
            "127.0.0.1",
            "1.2.3",
            http.zone(),
            http.timeoutToFail(),
            http.bodyBytesMax(),
            http.stepsMax(),
            http.listMax(),
            http.connectionsMax(),
            http.requestsMax(),
            http.transferTimeout(),
            http.idleTimeout()),
        grpc(),
        EngineSettings.defaults(),
        BranchConfig.defaults(),
        new AlertConfig(Optional.empty(), 3, Duration.ofSeconds(3)),
        store,
        LogConfig.defaults(),
        64 * 1024 * 1024,
        Duration.ofSeconds(3),
        Duration.ofSeconds(30));
  }

  private static GrpcEdgeConfig grpc() {
    var defaults = GrpcEdgeConfig.defaults();
    return new GrpcEdgeConfig(
        0,
        "127.0.0.1",
        defaults.messageBytesMax(),
        defaults.stepsMax(),
        defaults.connectionsMax(),
        defaults.callsPerConnectionMax(),
        defaults.requestsMax(),
        defaults.receiveTimeout(),
        defaults.idleTimeout(),
        defaults.keepAliveTime(),
        defaults.keepAliveTimeout(),
        defaults.keepAliveMin());
  }

  private String get(Server server, String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(server, path)).build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private String post(Server server, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(server, path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString()).body();
  }

  private static URI uri(Server server, String path) {
    return URI.create("http://127.0.0.1:" + server.httpPort() + path);
  }

  private static String saga(String gid, String participant, boolean waits) {
    return """
    {"gid": "%s", "trans_type": "saga", "wait_result": %s,
     "steps": [{"action": "%s/debit", "compensate": "%s/undo"}], "payloads": ["{}"]}
    """
        .formatted(gid, waits, participant, participant);
  }

  @Test
  void answersOnceItHasStarted() throws Exception {
    try (var server = Server.start(config(0, new StoreConfig.RocksDb(folder)))) {
      assertThat(get(server, "/api/ping")).contains("pong");
      assertThat(get(server, "/api/dtmsvr/version")).contains("1.2.3");
    }
  }

  @Test
  void drivesASagaToItsEnd() throws Exception {
    var called = new CopyOnWriteArrayList<String>();
    try (var participant = new Participant(called::add);
        var server = Server.start(config(0, new StoreConfig.Memory()))) {

      var answer = post(server, "/api/dtmsvr/submit", saga("gid-1", participant.url(), true));

      assertThat(answer).contains("SUCCESS");
      assertThat(called).containsExactly("/debit?branch_id=01&gid=gid-1&op=action&trans_type=saga");
      assertThat(get(server, "/api/dtmsvr/query?gid=gid-1")).contains("\"status\":\"succeed\"");
    }
  }

  @Test
  void aFolderInUseStopsTheStart() {
    try (var first = Server.start(config(0, new StoreConfig.RocksDb(folder)))) {
      assertThat(first.httpPort()).isPositive();

      assertThatThrownBy(() -> Server.start(config(0, new StoreConfig.RocksDb(folder))))
          .isInstanceOf(ServerStartFailed.class)
          .message()
          .contains(folder.toString(), "in use", "Store.DataDir", "STORE_DATA_DIR")
          .hasLineCount(1);
    }
  }

  @Test
  void aFolderThatCannotBeMadeStopsTheStart() throws IOException {
    var file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> Server.start(config(0, new StoreConfig.RocksDb(file.resolve("data")))))
        .isInstanceOf(ServerStartFailed.class)
        .message()
        .contains(file.toString(), "Store.DataDir", "STORE_DATA_DIR")
        .hasLineCount(1);
  }

  @Test
  void aTakenPortStopsTheStartAndGivesTheFolderBack() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(
              () -> Server.start(config(taken.getLocalPort(), new StoreConfig.RocksDb(folder))))
          .isInstanceOf(ServerStartFailed.class)
          .message()
          .contains(String.valueOf(taken.getLocalPort()), "HttpPort", "HTTP_PORT", "in use")
          .hasLineCount(1);
    }

    try (var second = Server.start(config(0, new StoreConfig.RocksDb(folder)))) {
      assertThat(second.httpPort()).isPositive();
    }
  }

  @Test
  void waitsForRunningTransactionsWhenItIsStopped() throws Exception {
    var arrived = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    try (var participant =
            new Participant(path -> {
              arrived.countDown();
              awaitUnlessInterrupted(release);
            });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var server = Server.start(config(0, new StoreConfig.Memory()));
      var answer =
          threads.submit(
              () -> post(server, "/api/dtmsvr/submit", saga("gid-1", participant.url(), true)));
      assertThat(arrived.await(60, TimeUnit.SECONDS)).isTrue();

      var closing = threads.submit(server::close);
      release.countDown();

      closing.get(60, TimeUnit.SECONDS);
      assertThat(answer.get(60, TimeUnit.SECONDS)).contains("SUCCESS");
    }
  }

  private static void awaitUnlessInterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingTwiceIsFine() {
    var server = Server.start(config(0, new StoreConfig.Memory()));

    server.close();
    server.close();

    assertThat(List.of(server.httpPort())).hasSize(1);
  }

  /** A service that agrees to everything. */
  private static final class Participant implements AutoCloseable {
    private final HttpServer server;

    Participant(java.util.function.Consumer<String> listener) throws IOException {
      server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
            listener.accept(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
