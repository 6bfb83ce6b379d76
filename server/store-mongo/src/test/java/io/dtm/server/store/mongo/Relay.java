package io.dtm.server.store.mongo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a client and a server, and can keep the server's answers to itself. */
final class Relay implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final ServerSocket listener;
  private final int serverPort;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean mute;

  Relay(int serverPort) throws IOException {
    this.serverPort = serverPort;
    this.listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Whether requests go through as ever, but no answer comes back. */
  void mute(boolean next) {
    mute = next;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        var server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
        sockets.addAll(List.of(client, server));
        pump(client, server, false);
        pump(server, client, true);
      } catch (IOException e) {
        // Whoever is closed here is missed by the client, which is what the test looks at.
      }
    }
  }

  private void pump(Socket from, Socket to, boolean isAnswer) throws IOException {
    var in = from.getInputStream();
    var out = to.getOutputStream();
    Thread.ofVirtual()
        .start(() -> {
          try {
            copy(in, out, isAnswer);
          } catch (IOException e) {
            // As above.
          } finally {
            closeAll(List.of(from, to));
          }
        });
  }

  private void copy(InputStream in, OutputStream out, boolean isAnswer) throws IOException {
    var buffer = new byte[BUFFER_BYTES];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      if (!(mute && isAnswer)) {
        out.write(buffer, 0, count);
      }
    }
  }

  private static void closeAll(List<Socket> sockets) {
    for (var socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        // It is of no more use either way.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    closeAll(new ArrayList<>(sockets));
  }
}
