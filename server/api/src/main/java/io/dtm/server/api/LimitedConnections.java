package io.dtm.server.api;

import io.dtm.server.core.ConnectionLimit;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;

/**
 * Has every connection counted while it is open, so that there is room for new ones. A connection
 * is served by one thread from its beginning to its end, and is known by it. Thread-safe.
 */
final class LimitedConnections implements ServerConnectionSelector {
  private final ServerConnectionSelector protocol;
  private final ConnectionLimit<Thread> limit;

  /**
   * @param protocol what all connections are taken for
   */
  LimitedConnections(ServerConnectionSelector protocol, ConnectionLimit<Thread> limit) {
    this.protocol = protocol;
    this.limit = limit;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return protocol.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return protocol.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return protocol.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Counted(protocol.connection(context), context);
  }

  private final class Counted implements ServerConnection, InterruptableTask<Void> {
    private final ServerConnection connection;
    private final ConnectionContext context;

    Counted(ServerConnection connection, ConnectionContext context) {
      this.connection = connection;
      this.context = context;
    }

    @Override
    public void handle(Limit requests) throws InterruptedException {
      var self = Thread.currentThread();
      if (!limit.opened(self, () -> context.serverSocket().close())) {
        throw new CloseConnectionException("too many connections, and all are busy");
      }
      try {
        connection.handle(requests);
      } finally {
        limit.closed(self);
      }
    }

    @Override
    public Duration idleTime() {
      return connection.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
      connection.close(interrupt);
    }

    /** While it waits for a request it may be interrupted, so that a stop need not wait for it. */
    @Override
    public boolean canInterrupt() {
      return connection instanceof InterruptableTask<?> task && task.canInterrupt();
    }
  }
}
