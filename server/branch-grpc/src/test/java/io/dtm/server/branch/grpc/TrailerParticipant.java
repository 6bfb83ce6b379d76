package io.dtm.server.branch.grpc;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A server whose answers have whatever trailers it is told, also ones that no gRPC library sends.
 */
final class TrailerParticipant implements AutoCloseable {
  private static final byte[] EMPTY_MESSAGE = {0, 0, 0, 0, 0};

  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel server;
  private volatile Map<String, String> trailers = Map.of();
  private volatile boolean trailersOnly;

  TrailerParticipant() {
    server =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(
                            Http2FrameCodecBuilder.forServer().build(),
                            new Http2MultiplexHandler(
                                new ChannelInitializer<Channel>() {
                                  @Override
                                  protected void initChannel(Channel stream) {
                                    stream.pipeline().addLast(new Answer());
                                  }
                                }));
                  }
                })
            .bind(new InetSocketAddress("127.0.0.1", 0))
            .syncUninterruptibly()
            .channel();
  }

  String url() {
    return "127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort() + "/busi.Busi/Do";
  }

  /** Headers, an empty message and these trailers from now on. */
  void answers(Map<String, String> next) {
    trailers = next;
    trailersOnly = false;
  }

  /** Just one frame with these trailers from now on. */
  void answersOnly(Map<String, String> next) {
    trailers = next;
    trailersOnly = true;
  }

  private final class Answer extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object frame) {
      boolean isEnd =
          switch (frame) {
            case Http2HeadersFrame headers -> headers.isEndStream();
            case Http2DataFrame data -> data.isEndStream();
            default -> false;
          };
      ReferenceCountUtil.release(frame);
      if (isEnd) {
        answer(context);
      }
    }

    private void answer(ChannelHandlerContext context) {
      var headers = new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
      var last = trailersOnly ? headers : new DefaultHttp2Headers();
      if (!trailersOnly) {
        context.write(new DefaultHttp2HeadersFrame(headers));
        context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(EMPTY_MESSAGE)));
      }
      trailers.forEach(last::set);
      context.writeAndFlush(new DefaultHttp2HeadersFrame(last, true));
    }
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    threads.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }
}
