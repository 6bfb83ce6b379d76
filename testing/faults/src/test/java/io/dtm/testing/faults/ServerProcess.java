package io.dtm.testing.faults;

import io.dtm.testing.databases.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as an operator would start it. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final URI baseUrl;
  private final String grpcTarget;
  private final Path log;

  private ServerProcess(Process process, URI baseUrl, String grpcTarget, Path log) {
    this.process = process;
    this.baseUrl = baseUrl;
    this.grpcTarget = grpcTarget;
    this.log = log;
  }

  /** Starts a server with the usual settings. */
  static ServerProcess start(String storeUrl, Path log, HttpClient client) throws Exception {
    return start(storeUrl, Map.of(), log, client);
  }

  /**
   * Starts a server on free ports and waits for its first answer.
   *
   * @param settings by their names in the environment
   * @param log what it prints is added there
   */
  static ServerProcess start(
      String storeUrl, Map<String, String> settings, Path log, HttpClient client) throws Exception {
    int http = FreePorts.one();
    int grpc = FreePorts.one();
    var builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                Path.of("..", "..", "cli", "target", "lib").toAbsolutePath() + "/*",
                "io.dtm.cli.Main",
                "server"));
    var environment = new HashMap<>(settings);
    environment.put("HTTP_PORT", Integer.toString(http));
    environment.put("GRPC_PORT", Integer.toString(grpc));
    environment.put("STORE_URL", storeUrl);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var process = builder.start();
    // A test that is broken off leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    var server =
        new ServerProcess(
            process, URI.create("http://127.0.0.1:" + http), "127.0.0.1:" + grpc, log);
    server.awaitPing(client);
    return server;
  }

  URI baseUrl() {
    return baseUrl;
  }

  String grpcTarget() {
    return grpcTarget;
  }

  /** What the system says about its process. */
  ProcessVitals vitals() throws IOException {
    return ProcessVitals.of(process.pid());
  }

  /** What it has logged so far. */
  List<String> logLines() throws IOException {
    return Files.readAllLines(log);
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
        kill();
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

  @Override
  public void close() {
    kill();
  }
}
