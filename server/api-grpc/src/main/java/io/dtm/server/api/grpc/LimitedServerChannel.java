package io.dtm.server.api.grpc;

import io.dtm.server.core.ConnectionLimit;
import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Listens, and counts what comes in, so that there is room for new connections. A connection is
 * known by the client's address.
 */
final class LimitedServerChannel extends NioServerSocketChannel {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final ConnectionLimit<SocketAddress> limit;

  LimitedServerChannel(ConnectionLimit<SocketAddress> limit) {
    this.limit = limit;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
    limit.awaitRoom(PATIENCE);
    int before = accepted.size();
    int count = super.doReadMessages(accepted);
    for (int i = accepted.size() - 1; i >= before; i--) {
      if (accepted.get(i) instanceof Channel connection && !isAdmitted(connection)) {
        accepted.remove(i);
        connection.unsafe().closeForcibly();
      }
    }
    return count;
  }

  private boolean isAdmitted(Channel connection) {
    var client = connection.remoteAddress();
    if (client == null) {
      return false; // it has left already
    }
    if (!limit.opened(client, () -> close(connection))) {
      return false;
    }
    var unused = connection.closeFuture().addListener(end -> limit.closed(client));
    return true;
  }

  private static void close(Channel connection) {
    var unused = connection.close();
  }
}
