package io.dtm.server.branch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A participant that does with its connections whatever the test wants, down to the single byte.
 */
final class RawPeer implements AutoCloseable {
  private final ServerSocket listener;
  private final Behaviour behaviour;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  /** What to do with one connection. Returning closes it. */
  @FunctionalInterface
  interface Behaviour {
    void serve(Connection connection) throws IOException, InterruptedException;
  }

  RawPeer(Behaviour behaviour) {
    this.behaviour = behaviour;
    try {
      listener = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  String url(String path) {
    return "http://127.0.0.1:%d%s".formatted(listener.getLocalPort(), path);
  }

  /** Whole requests, head and body, in the order of their coming. */
  List<String> requests() {
    return requests;
  }

  int openConnections() {
    return connections.size();
  }

  private void accept() {
    try {
      while (true) {
        var socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      }
    } catch (IOException e) {
      // The listener was closed: the test is over.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      behaviour.serve(new Connection(socket));
    } catch (IOException e) {
      // The caller has hung up, which is what many tests are about.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      connections.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var connection : connections) {
      connection.close();
    }
  }

  /** One connection from the peer's side. */
  final class Connection {
    private final Socket socket;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = socket.getInputStream();
    }

    /**
     * Reads one request.
     *
     * @return whether there was one
     */
    boolean readRequest() throws IOException {
      var text = new StringBuilder();
      while (text.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          return false;
        }
        text.append((char) next);
      }
      var head = text.toString();
      if (head.contains("Transfer-Encoding: chunked")) {
        while (!text.toString().endsWith("0\r\n\r\n")) {
          text.append((char) in.read());
        }
      } else {
        text.append(new String(in.readNBytes(contentLength(head)), ISO_8859_1));
      }
      requests.add(text.toString());
      return true;
    }

    private static int contentLength(String head) {
      return head.lines()
          .filter(line -> line.startsWith("Content-Length: "))
          .findFirst()
          .map(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
          .orElse(0);
    }

    void send(String bytes) throws IOException {
      socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    void answer(int status, String body) throws IOException {
      send("HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s".formatted(status, body.length(), body));
    }

    /** Says nothing more until the caller hangs up. */
    void hang() throws IOException {
      in.transferTo(java.io.OutputStream.nullOutputStream());
    }

    /** Ends the connection as a crash would. */
    void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    void close() throws IOException {
      socket.close();
    }
  }
}
