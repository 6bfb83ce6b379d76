package io.dtm.testing.faults;

import io.dtm.testing.databases.FreePorts;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, as an operator would start it. */
final class ServerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  /** Until a server has heard of those that have just started. */
  private static final Duration NODES_LIMIT = Duration.ofMinutes(1);

  /** The system property with the folder of the server's jars. */
  private static final String JARS = "dtm.jars";

  private static final String JARS_OF_BUILD =
      Path.of("..", "..", "cli", "target", "lib").toAbsolutePath().toString();

  private final Process process;
  private final Ports ports;
  private final Path log;

  private ServerProcess(Process process, Ports ports, Path log) {
    this.process = process;
    this.ports = ports;
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
    var server = launch(Program.SERVER, storeUrl, settings, log, Ports.free());
    server.awaitPing(client);
    return server;
  }

  /** Where a server listens. */
  record Ports(int http, int grpc) {
    static Ports free() {
      return new Ports(FreePorts.one(), FreePorts.one());
    }
  }

  /**
   * What is run.
   *
   * @param classes a folder or jar that it needs beside the server's jars; may be empty
   */
  record Program(String classes, String mainClass, List<String> arguments) {
    static final Program SERVER = new Program("", "io.dtm.cli.Main", List.of("server"));
  }

  /** Starts a server and waits for nothing. */
  static ServerProcess launch(
      Program program, String storeUrl, Map<String, String> settings, Path log, Ports ports)
      throws IOException {
    var jars = System.getProperty(JARS, JARS_OF_BUILD) + "/*";
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                program.classes().isEmpty() ? jars : jars + File.pathSeparator + program.classes(),
                program.mainClass()));
    command.addAll(program.arguments());
    var builder = new ProcessBuilder(command);
    var environment = new HashMap<>(settings);
    environment.put("HTTP_PORT", Integer.toString(ports.http()));
    environment.put("GRPC_PORT", Integer.toString(ports.grpc()));
    environment.put("STORE_URL", storeUrl);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    var process = builder.start();
    // A test that is broken off leaves nothing behind either.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new ServerProcess(process, ports, log);
  }

  URI baseUrl() {
    return URI.create("http://127.0.0.1:" + ports.http());
  }

  Ports ports() {
    return ports;
  }

  String grpcTarget() {
    return "127.0.0.1:" + ports.grpc();
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

  boolean isRunning() {
    return process.isAlive();
  }

  /** Stops it in the middle of whatever it does, as a machine that is out of breath would. */
  void pause() throws Exception {
    signal("STOP");
  }

  /** Lets a paused server go on; nothing when it was killed meanwhile. */
  void resume() throws Exception {
    signal("CONT");
  }

  private void signal(String name) throws Exception {
    var unused =
        new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .start()
            .waitFor();
  }

  /** Sends SIGTERM and waits for the end. */
  int terminate(Duration limit) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running " + limit + " after SIGTERM");
    }
    return process.exitValue();
  }

  /** Whether it answers now. */
  boolean answers(HttpClient client) throws InterruptedException {
    try {
      return client.send(ping(), HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpRequest ping() {
    return HttpRequest.newBuilder(baseUrl().resolve("/api/ping"))
        .timeout(Duration.ofSeconds(2))
        .build();
  }

  /** Waits for its first answer. */
  void awaitPing(HttpClient client) throws Exception {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        kill();
        throw new AssertionError("the server did not start:\n" + Files.readString(log));
      }
      if (answers(client)) {
        return;
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  /** Waits until it has seen that so many servers share the store. */
  void awaitNodes(int count) throws IOException, InterruptedException {
    var seen = "; %d nodes live".formatted(count);
    var deadline = System.nanoTime() + NODES_LIMIT.toNanos();
    while (logLines().stream().noneMatch(line -> line.contains(seen))) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("has not seen %d nodes:\n%s".formatted(count, logLines()));
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
