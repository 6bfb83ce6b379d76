package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server, one service that hangs for its full time-out and others that do not. Measures the
 * throughput of waited sagas to the healthy ones, in turns with and without sagas to the one that
 * hangs, so that whatever else the machine does falls on both. How many turns: the system property
 * {@code dtm.turns}; how long each: {@code dtm.turn.seconds}.
 */
class IsolationIT {
  private static final int HEALTHY_CLIENTS = 16;

  /** New transactions for the service that hangs, each second; the first turns fill its places. */
  private static final int HUNG_PER_SECOND = 100;

  /** What the machine of a build must show; on a quiet one it is more than 0.9. */
  private static final double RATIO_MIN = 0.5;

  private static final Duration TURN =
      Duration.ofSeconds(Integer.getInteger("dtm.turn.seconds", 3));
  private static final int TURNS = Integer.getInteger("dtm.turns", 3);

  @TempDir Path folder;

  private final HttpClient client = Api.newClient();

  @Test
  void aServiceThatHangsDoesNotSlowTheOthers() throws Exception {
    try (var place = StorePlace.open(StoreKind.ROCKSDB, folder.resolve("data"));
        var hung = new HungService();
        var healthy = new QuickService();
        var server = ServerProcess.start(place.url(), folder.resolve("server.log"), client)) {
      var api = new Api(client, server.baseUrl());
      turn(api, healthy, hung, true);
      turn(api, healthy, hung, false);
      var ratios = new ArrayList<Double>();
      for (int i = 0; i < TURNS; i++) {
        // Each kind goes first as often as second.
        boolean hungFirst = i % 2 == 0;
        double first = turn(api, healthy, hung, hungFirst);
        double second = turn(api, healthy, hung, !hungFirst);
        ratios.add(hungFirst ? first / second : second / first);
      }

      double median = ratios.stream().sorted().toList().get(ratios.size() / 2);
      System.out.printf(
          "IsolationIT: with a service that hangs %.2f of the throughput without, of %s%n",
          median, ratios.stream().map("%.2f"::formatted).toList());
      assertThat(median).isGreaterThanOrEqualTo(RATIO_MIN);
      assertThat(server.logLines()).anyMatch(line -> line.contains("has not answered 20 calls"));
    }
  }

  /** Sagas each second that went to the healthy service and succeeded. */
  private double turn(Api api, QuickService healthy, HungService hung, boolean withHung)
      throws Exception {
    var over = new AtomicBoolean();
    long begun = System.nanoTime();
    var counts = new ArrayList<Future<Integer>>();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < HEALTHY_CLIENTS; i++) {
        var name = "healthy-" + begun + "-" + i + "-";
        counts.add(clients.submit(() -> submitUntil(over, api, name, healthy.url())));
      }
      if (withHung) {
        clients.submit(() -> submitSteadily(over, api, "hung-" + begun + "-", hung.url()));
      }
      LockSupport.parkNanos(TURN.toNanos());
      over.set(true);
    }
    int done = 0;
    for (var count : counts) {
      done += count.get();
    }
    return done * 1e9 / (System.nanoTime() - begun);
  }

  private static int submitUntil(AtomicBoolean over, Api api, String name, String url)
      throws Exception {
    int done = 0;
    while (!over.get()) {
      var reply = api.post(saga(name + done, url, true));
      assertThat(reply.body()).contains("SUCCESS");
      done++;
    }
    return done;
  }

  private static boolean submitSteadily(AtomicBoolean over, Api api, String name, String url)
      throws Exception {
    long begun = System.nanoTime();
    for (int i = 0; !over.get(); i++) {
      assertThat(api.post(saga(name + i, url, false)).statusCode()).isEqualTo(200);
      long next = begun + i * (1_000_000_000L / HUNG_PER_SECOND);
      LockSupport.parkNanos(next - System.nanoTime());
    }
    return true;
  }

  private static Flow.Request saga(String gid, String url, boolean waits) {
    return new Flow.Request(
        "submit",
        """
        {"gid":"%s","trans_type":"saga","wait_result":%s,"payloads":["{}","{}"],"steps":[
        {"action":"%s/a","compensate":"%s/b"},{"action":"%s/c","compensate":"%s/d"}]}\
        """
            .formatted(gid, waits, url, url, url, url));
  }

  /** Answers at once. */
  private static final class QuickService implements AutoCloseable {
    private final HttpServer server;

    QuickService() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(
          "/",
          exchange -> {
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

  /** Accepts every connection and says nothing. */
  private static final class HungService implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();

    HungService() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    String url() {
      return "http://127.0.0.1:" + listener.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          connections.add(listener.accept());
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      for (var connection : connections) {
        connection.close();
      }
    }
  }
}
