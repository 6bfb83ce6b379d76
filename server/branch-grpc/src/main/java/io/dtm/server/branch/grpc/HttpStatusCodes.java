package io.dtm.server.branch.grpc;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyChannelBuilder;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Participants written in PHP send HTTP's 409 and 425 as their gRPC status. To gRPC these are just
 * unknown, and the number is lost before an application can see it; so they are translated where
 * they come in, to what the other languages send. The hook is internal to the library and may
 * change with its version: a test sends both numbers.
 */
final class HttpStatusCodes {
  private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");
  private static final AsciiString CONFLICT = AsciiString.cached("409");
  private static final AsciiString TOO_EARLY = AsciiString.cached("425");
  private static final AsciiString ABORTED = AsciiString.cached("10");
  private static final AsciiString FAILED_PRECONDITION = AsciiString.cached("9");

  private HttpStatusCodes() {}

  /** Has them translated on every connection of the channel, which is one without TLS. */
  static void translate(NettyChannelBuilder channel) {
    InternalNettyChannelBuilder.setProtocolNegotiatorFactory(
        channel, () -> new Negotiator(InternalProtocolNegotiators.plaintext()));
  }

  /** Listens in on a connection before it is used. */
  private record Negotiator(InternalProtocolNegotiator.ProtocolNegotiator plaintext)
      implements InternalProtocolNegotiator.ProtocolNegotiator {
    @Override
    public AsciiString scheme() {
      return plaintext.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler connection) {
      var decoder = connection.decoder();
      decoder.frameListener(new Translator(decoder.frameListener()));
      return plaintext.newHandler(connection);
    }

    @Override
    public void close() {
      plaintext.close();
    }
  }

  private static final class Translator extends Http2FrameListenerDecorator {
    Translator(Http2FrameListener listener) {
      super(listener);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      translate(headers);
      super.onHeadersRead(context, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext context,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      translate(headers);
      super.onHeadersRead(
          context, streamId, headers, streamDependency, weight, exclusive, padding, endOfStream);
    }

    private static void translate(Http2Headers headers) {
      var status = headers.get(GRPC_STATUS);
      if (status == null) {
        return;
      }
      if (CONFLICT.contentEquals(status)) {
        headers.set(GRPC_STATUS, ABORTED);
      } else if (TOO_EARLY.contentEquals(status)) {
        headers.set(GRPC_STATUS, FAILED_PRECONDITION);
      }
    }
  }
}
