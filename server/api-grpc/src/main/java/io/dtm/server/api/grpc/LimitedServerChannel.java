package io.dtm.server.api.grpc;

import io.dtm.server.core.ConnectionLimit;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Listens, and counts what comes in, so that there is room for new connections. A connection is
 * known by the client's address.
 */
final class LimitedServerChannel extends NioServerSocketChannel {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final Duration SENDING = Duration.ofSeconds(1);

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
    if (!limit.opened(client, () -> connection.pipeline().addLast(new Eviction()))) {
      return false;
    }
    var unused = connection.closeFuture().addListener(end -> limit.closed(client));
    return true;
  }

  /** Its thread closes it, as soon as it has one: it may have come in just now. */
  private static final class Eviction extends ChannelHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      closeAtOnce(context.channel());
    }
  }

  /**
   * Says goodbye, so that a client sends elsewhere what it is about to send, and closes. The
   * library would first wait for an answer, up to ten seconds where the client is not one, and so
   * long there would be no room for others. Who is in the middle of a request has a moment for it.
   */
  private static void closeAtOnce(Channel connection) {
    var http2 = connection.pipeline().context(Http2ConnectionHandler.class);
    if (http2 == null) {
      var unused = connection.close();
      return;
    }
    var handler = (Http2ConnectionHandler) http2.handler();
    if (handler.connection().numActiveStreams() > 0) {
      var unusedPolite = connection.close();
      var unusedLast =
          connection
              .eventLoop()
              .schedule(
                  () -> {
                    var unusedEnd = http2.close();
                  },
                  SENDING.toMillis(),
                  TimeUnit.MILLISECONDS);
      return;
    }
    var unusedGoodbye =
        handler.goAway(
            http2,
            handler.connection().remote().lastStreamCreated(),
            Http2Error.NO_ERROR.code(),
            Unpooled.EMPTY_BUFFER,
            http2.newPromise());
    http2.flush();
    var unusedEnd = http2.close();
  }
}
