package io.dtm.interop.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A server in a process of its own, over an embedded store in a folder that goes away with it. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final Path folder;
  private final URI http;
  private final String grpc;

  private ServerProcess(Process process, Path folder, URI http, String grpc) {
    this.process = process;
    this.folder = folder;
    this.http = http;
    this.grpc = grpc;
  }

  /**
   * Starts a server on free ports; it may not answer yet.
   *
   * @param alertUrl where it is to report branches that go on failing
   */
  static ServerProcess start(String alertUrl) throws IOException {
    var folder = Files.createTempDirectory("dtm-conformance");
    int http = freePort();
    int grpc = freePort();
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
    var environment = builder.environment();
    environment.put("HTTP_PORT", Integer.toString(http));
    environment.put("GRPC_PORT", Integer.toString(grpc));
    environment.put("STORE_DATA_DIR", folder.resolve("data").toString());
    environment.put("ALERT_WEB_HOOK", alertUrl);
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("server.log").toFile());
    return new ServerProcess(
        builder.start(), folder, URI.create("http://127.0.0.1:" + http), "127.0.0.1:" + grpc);
  }

  URI http() {
    return http;
  }

  String grpc() {
    return grpc;
  }

  /** Says why it does not run any more. */
  void mustBeAlive() {
    if (!process.isAlive()) {
      try {
        throw new AssertionError(
            "the server ended:\n" + Files.readString(folder.resolve("server.log")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
