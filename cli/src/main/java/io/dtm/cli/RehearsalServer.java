package io.dtm.cli;

import io.dtm.server.app.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A server in a process of its own, on the JDK, the jars and with the options of this process,
 * whose JVM writes down what it has learnt when it ends. Not thread-safe.
 */
final class RehearsalServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("is ready: (http://[^,]+), gRPC ([^,]+),");
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 20;

  private final Process process;
  private final Path log;

  private RehearsalServer(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Where it listens. */
  record Address(String url, String grpcTarget) {}

  /**
   * Starts it on free ports.
   *
   * @param cache the file that its JVM writes
   * @param folder for its data and its log
   */
  static RehearsalServer start(Path cache, Path folder) throws IOException {
    var log = folder.resolve("log");
    var builder = new ProcessBuilder(command(cache)).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(RehearsalServer::isSetting);
    builder
        .environment()
        .putAll(
            Map.of(
                "HTTP_PORT", "0",
                "GRPC_PORT", "0",
                "BIND_HOST", "127.0.0.1",
                "STORE_DATA_DIR", folder.resolve("data").toString()));
    var process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new RehearsalServer(process, log);
  }

  /** Whether somebody has set it for real servers, such as a database. */
  private static boolean isSetting(String variable) {
    return Settings.all().stream().anyMatch(setting -> setting.environmentName().equals(variable));
  }

  private static List<String> command(Path cache) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> !option.startsWith("-XX:AOT") && !option.startsWith("-Xlog:aot"))
        .forEach(command::add);
    command.add("-XX:AOTCacheOutput=" + cache);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.add("server");
    return command;
  }

  /**
   * Waits until it answers.
   *
   * @throws RehearsalFailed when it does not
   */
  Address awaitReady() throws IOException, InterruptedException {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      var ready = READY.matcher(output());
      if (ready.find()) {
        return new Address(ready.group(1), ready.group(2));
      }
      if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        break;
      }
    }
    throw new RehearsalFailed("the server did not start:\n" + output());
  }

  /**
   * Tells it to end, and waits until its JVM has written the cache.
   *
   * @throws RehearsalFailed when that takes too long
   */
  void end(Duration limit) throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new RehearsalFailed("no cache after %s:\n%s".formatted(limit, output()));
    }
  }

  /** What it has said so far. */
  String output() throws IOException {
    return Files.readString(log).strip();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
