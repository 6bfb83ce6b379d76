package io.dtm.server.store.mongo;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** A server in this JVM that speaks MongoDB's protocol. What it kept is lost when it stops. */
final class LocalServer implements AutoCloseable {
  /** Below the ports that the system gives to outgoing connections, so that it can come back. */
  private static final int PORT_MIN = 20_000;

  private static final int PORT_MAX = 32_000;
  private static final int ATTEMPTS = 50;

  private final int port;
  private MongoServer server;

  private LocalServer(int port) {
    this.port = port;
    this.server = listen(port);
  }

  static LocalServer start() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX);
      if (isFree(port)) {
        return new LocalServer(port);
      }
    }
    throw new IllegalStateException("no free port from %d to %d".formatted(PORT_MIN, PORT_MAX));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static MongoServer listen(int port) {
    var server = new MongoServer(new MemoryBackend());
    server.bind("127.0.0.1", port);
    return server;
  }

  /** Starts again, empty, at the same port. */
  void restart() {
    server = listen(port);
  }

  MongoStoreConfig config() {
    return MongoStoreConfig.defaults("mongodb://127.0.0.1:" + port);
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
