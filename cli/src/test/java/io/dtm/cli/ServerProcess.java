package io.dtm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as an operator would start it. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final URI baseUrl;
  private final Path log;

  private ServerProcess(Process process, URI baseUrl, Path log) {
    this.process = process;
    this.baseUrl = baseUrl;
    this.log = log;
  }

  /**
   * Starts a server on a free port over the embedded store in {@code dataFolder}, and waits for its
   * first answer.
   */
  static ServerProcess start(Path dataFolder, HttpClient client) throws Exception {
    int port = freePort();
    var log = dataFolder.resolveSibling("server.log");
    var builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                Path.of("target", "lib").toAbsolutePath() + "/*",
                "io.dtm.cli.Main",
                "server"));
    var environment = builder.environment();
    environment.put("HTTP_PORT", Integer.toString(port));
    environment.put("GRPC_PORT", Integer.toString(freePort()));
    environment.put("STORE_DATA_DIR", dataFolder.toString());
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var server = new ServerProcess(builder.start(), URI.create("http://127.0.0.1:" + port), log);
    server.awaitPing(client);
    return server;
  }

  URI baseUrl() {
    return baseUrl;
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Sends SIGTERM and waits for the end. */
  int terminate(Duration limit) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running " + limit + " after SIGTERM");
    }
    return process.exitValue();
  }

  private void awaitPing(HttpClient client) throws Exception {
    var ping =
        HttpRequest.newBuilder(baseUrl.resolve("/api/ping")).timeout(Duration.ofSeconds(2)).build();
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("the server did not start:\n" + Files.readString(log));
      }
      try {
        if (client.send(ping, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        process.waitFor(20, TimeUnit.MILLISECONDS);
      }
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
