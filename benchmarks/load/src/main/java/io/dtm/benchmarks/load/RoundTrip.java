package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/** The shortest request there is, to see whether a server answers, and how long the way is. */
final class RoundTrip {
  private static final int WARM_UP = 200;
  private static final int COUNT = 101;

  private RoundTrip() {}

  static boolean answers(Address address) {
    try (var channel = SocketChannel.open(address.toSocketAddress())) {
      return ping(channel, address).contains(" 200 ");
    } catch (IOException notYet) {
      return false;
    }
  }

  /**
   * Median time of a request to an idle server and back, what the server does with it included.
   *
   * @return not a number when the server has no such answer
   */
  static double medianNanos(Address address) {
    var nanos = new long[COUNT];
    try (var channel = SocketChannel.open(address.toSocketAddress())) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      for (int i = -WARM_UP; i < COUNT; i++) {
        var begun = System.nanoTime();
        var unused = ping(channel, address);
        nanos[Math.max(0, i)] = System.nanoTime() - begun;
      }
    } catch (IOException e) {
      return Double.NaN;
    }
    Arrays.sort(nanos);
    return nanos[COUNT / 2];
  }

  private static String ping(SocketChannel channel, Address address) throws IOException {
    var request = "GET /api/ping HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(address);
    channel.write(ByteBuffer.wrap(request.getBytes(ISO_8859_1)));
    var reader = new HttpMessageReader();
    while (!reader.isComplete()) {
      if (!reader.readFrom(channel)) {
        throw new IOException(address + ": closed before it answered");
      }
    }
    return reader.startLine();
  }
}
