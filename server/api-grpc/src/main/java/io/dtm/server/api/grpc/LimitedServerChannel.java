package io.dtm.server.api.grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens, and closes at once what comes in beyond the number of connections it may have. */
final class LimitedServerChannel extends NioServerSocketChannel {
  private final int connectionsMax;
  private final AtomicInteger connections = new AtomicInteger();

  LimitedServerChannel(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  @Override
  protected int doReadMessages(List<Object> accepted) throws Exception {
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
    if (connections.incrementAndGet() > connectionsMax) {
      connections.decrementAndGet();
      return false;
    }
    var unused = connection.closeFuture().addListener(end -> connections.decrementAndGet());
    return true;
  }
}
