package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A server with one client: says yes at once, but for one request in the beginning. */
final class StallingServer implements AutoCloseable {
  private static final int STALLS_AT = 5;
  private static final byte[] YES =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(ISO_8859_1);

  private final ServerSocketChannel listener;
  private final Duration stall;

  StallingServer(Duration stall) {
    this.stall = stall;
    try {
      listener = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::serve);
  }

  Address address() {
    ServerSocket socket = listener.socket();
    return new Address("127.0.0.1", socket.getLocalPort());
  }

  private void serve() {
    try (SocketChannel client = listener.accept()) {
      var reader = new HttpMessageReader();
      for (int requests = 1; reader.readFrom(client); ) {
        while (reader.isComplete()) {
          reader.next();
          if (requests++ == STALLS_AT) {
            LockSupport.parkNanos(stall.toNanos());
          }
          client.write(ByteBuffer.wrap(YES));
        }
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
