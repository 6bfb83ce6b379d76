package io.dtm.benchmarks.load;

import io.dtm.testing.databases.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of this checkout, in a process of its own, as {@code dtm server} would start it. */
final class StartedServer implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final Duration START_LIMIT = Duration.ofMinutes(3);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
  private static final int LOOK_MILLIS = 20;

  /** The system property with the folder of the server's jars. */
  private static final String JARS = "dtm.jars";

  private static final String JARS_OF_BUILD =
      Path.of("..", "..", "cli", "target", "lib").toAbsolutePath().toString();

  private final Process process;
  private final Address http;
  private final Address grpc;
  private final Path log;

  private StartedServer(Process process, Address http, Address grpc, Path log) {
    this.process = process;
    this.http = http;
    this.grpc = grpc;
    this.log = log;
  }

  /**
   * Starts it on free ports and waits for its first answer.
   *
   * @param javaOptions for its JVM, such as {@code -Xmx256m}
   * @param log gets what it prints
   */
  static StartedServer start(String storeUrl, List<String> javaOptions, Path log)
      throws InterruptedException {
    var http = new Address(HOST, FreePorts.one());
    var grpc = new Address(HOST, FreePorts.one());
    var builder = new ProcessBuilder(command(javaOptions));
    builder.environment().put("HTTP_PORT", Integer.toString(http.port()));
    builder.environment().put("GRPC_PORT", Integer.toString(grpc.port()));
    builder.environment().put("STORE_URL", storeUrl);
    builder.environment().put("LOG_LEVEL", "warn");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    try {
      var process = builder.start();
      // Whoever breaks the run off leaves no server behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      var server = new StartedServer(process, http, grpc, log);
      server.awaitAnswer();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a server", e);
    }
  }

  private static List<String> command(List<String> javaOptions) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(launcherOptions());
    command.addAll(javaOptions);
    command.addAll(
        List.of(
            "-cp", System.getProperty(JARS, JARS_OF_BUILD) + "/*", "io.dtm.cli.Main", "server"));
    return command;
  }

  /** What the launcher has told this JVM it would tell a server's, too; memory apart. */
  private static List<String> launcherOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option ->
            option.startsWith("--")
                || option.startsWith("-XX:")
                || option.startsWith("-Djava.library.path="))
        .toList();
  }

  private void awaitAnswer() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!RoundTrip.answers(http)) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        process.destroyForcibly();
        throw new IllegalStateException("the server did not start:\n" + Files.readString(log));
      }
      var unused = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  Address http() {
    return http;
  }

  Address grpc() {
    return grpc;
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as an operator would. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
