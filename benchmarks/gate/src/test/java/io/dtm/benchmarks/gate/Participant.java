package io.dtm.benchmarks.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** Says yes to everything, and counts it. Its threads are those of the measurement. */
final class Participant implements AutoCloseable {
  private static final int BACKLOG = 256;
  private static final byte[] YES =
      """
      HTTP/1.1 200 OK\r
      Content-Type: application/json\r
      Content-Length: 24\r
      \r
      {"dtm_result":"SUCCESS"}\
      """
          .getBytes(ISO_8859_1);

  private final Watched watched;
  private final ServerSocket socket;
  private final AtomicLong calls = new AtomicLong();

  Participant(Watched watched) throws IOException {
    this.watched = watched;
    this.socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    watched.thread("participant", this::accept).start();
  }

  String url() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  long calls() {
    return calls.get();
  }

  private void accept() {
    try {
      while (true) {
        var connection = socket.accept();
        connection.setTcpNoDelay(true);
        watched.thread("participant-connection", () -> serve(connection)).start();
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      var in = new HttpInput(connection.getInputStream());
      var out = new BufferedOutputStream(connection.getOutputStream());
      while (in.skipMessage()) {
        calls.incrementAndGet();
        out.write(YES);
        out.flush();
      }
    } catch (IOException e) {
      // The server has closed the connection: it has no more calls for us.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
