package io.dtm.interop.conformance;

import io.dtm.testing.databases.FreePorts;
import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** A server in a process of its own, over a store that goes away with it. */
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final StorePlace store;
  private final Path folder;
  private final URI http;
  private final String grpc;

  private ServerProcess(Process process, StorePlace store, Path folder, URI http, String grpc) {
    this.process = process;
    this.store = store;
    this.folder = folder;
    this.http = http;
    this.grpc = grpc;
  }

  /**
   * Starts a server on free ports, over the store that {@code -Ddtm.test.store} names; it may not
   * answer yet.
   *
   * @param alertUrl where it is to report branches that go on failing
   */
  static ServerProcess start(String alertUrl) throws IOException {
    var folder = Files.createTempDirectory("dtm-conformance");
    var store =
        StorePlace.open(
            StoreKind.of(System.getProperty("dtm.test.store", StoreKind.ROCKSDB.toString())),
            folder.resolve("data"));
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
    var environment = builder.environment();
    environment.put("HTTP_PORT", Integer.toString(http));
    environment.put("GRPC_PORT", Integer.toString(grpc));
    environment.put("STORE_URL", store.url());
    environment.put("ALERT_WEB_HOOK", alertUrl);
    builder.redirectErrorStream(true);
    builder.redirectOutput(folder.resolve("server.log").toFile());
    return new ServerProcess(
        builder.start(),
        store,
        folder,
        URI.create("http://127.0.0.1:" + http),
        "127.0.0.1:" + grpc);
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

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    store.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
