package io.dtm.server.branch;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Looks, right before a kept-alive connection is used again, whether the peer has closed it: one
 * system call that never waits. Nothing has been sent at that point, so the request may safely go
 * out on another connection. Without this look it would get lost in the closed one, nobody could
 * tell whether it was carried out, and the transaction would have to sit out its back-off for
 * nothing.
 *
 * <p>It also asks, at the same moment, whether the call is still wanted.
 *
 * <p>Only plain connections are looked at: a byte that waits below TLS says nothing about the
 * request.
 */
final class FreshnessCheck extends HttpRequestExecutor {

  /** The peer has closed the connection; nothing was sent on it. */
  static final class StaleConnection extends IOException {
    private static final long serialVersionUID = 1L;

    StaleConnection() {
      super("the peer has closed the connection");
    }
  }

  /** The context's attribute with the question whether the call may still be made. */
  static final String MAY_BEGIN = "dtm.may-begin";

  /** The call is no longer wanted; nothing was sent. */
  static final class TakenBack extends IOException {
    private static final long serialVersionUID = 1L;

    TakenBack() {
      super(HttpBranchCaller.TAKEN_BACK);
    }
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      HttpResponseInformationCallback informationCallback,
      HttpContext context)
      throws IOException, HttpException {
    if (connection instanceof ManagedHttpClientConnection managed
        && managed.getEndpointDetails().getRequestCount() > 0
        && isClosedByPeer(managed.getSocket())) {
      throw new StaleConnection();
    }
    if (context.getAttribute(MAY_BEGIN) instanceof BooleanSupplier mayBegin
        && !mayBegin.getAsBoolean()) {
      throw new TakenBack();
    }
    return super.execute(request, connection, informationCallback, context);
  }

  private static boolean isClosedByPeer(Socket socket) {
    var channel = socket.getChannel();
    return channel != null && !isSilent(channel);
  }

  /**
   * Between two requests the peer has nothing to say; a byte or an end means that the connection is
   * of no more use.
   */
  private static boolean isSilent(SocketChannel channel) {
    try {
      channel.configureBlocking(false);
      int count = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return count == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
