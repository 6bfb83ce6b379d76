package io.dtm.server.api;

import io.dtm.server.core.ByteBudget;
import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads request bodies up to a limit, however they are sent, as long as there is room in memory.
 * Thread-safe.
 */
final class BodyReader {
  /** A declared length is taken on trust, and memory set aside for it, only up to this. */
  private static final int TRUSTED_LENGTH_MAX = 64 * 1024;

  private static final int FIRST_LENGTH = 8 * 1024;
  private static final Body NO_BODY = new Body.Whole(new byte[0]);
  private static final int DISCARD_BUFFER_LENGTH = 8 * 1024;

  private final int bytesMax;

  BodyReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** What came of reading. */
  sealed interface Body {
    /** All of it. */
    final class Whole implements Body {
      private final byte[] bytes;

      private Whole(byte[] bytes) {
        this.bytes = bytes;
      }

      /** Not to be written to. */
      byte[] bytes() {
        return bytes;
      }
    }

    record TooLong() implements Body {}

    /** It would be too much together with what is in memory already. */
    record NoRoom() implements Body {}
  }

  /**
   * The whole body, if it can be had. What cannot is thrown away as it comes in, so that the
   * client, which may read no answer before it has sent everything, hears of it and can go on with
   * the connection.
   *
   * @param room grows with what has come in, whatever the client has declared
   * @throws io.helidon.http.RequestException when the body breaks the rules of HTTP, or is so long
   *     that it is not even thrown away
   */
  Body read(ServerRequest request, ByteBudget.Share room) {
    if (!request.content().hasEntity()) {
      return NO_BODY;
    }
    long declared = request.headers().contentLength().orElse(-1);
    if (declared > bytesMax && request.headers().containsToken(HeaderValues.EXPECT_100)) {
      return new Body.TooLong(); // without "100 Continue" the client keeps the body to itself
    }
    try {
      return read(request.content().inputStream(), declared, room);
    } catch (IllegalArgumentException e) {
      throw RequestException.builder()
          .type(DirectHandler.EventType.BAD_REQUEST)
          .message("body: malformed chunk (expected: its size in hexadecimal)")
          .cause(e)
          .build();
    } catch (DataReader.InsufficientDataAvailableException | IOException e) {
      throw new CloseConnectionException("the client left in the middle of its request", e);
    }
  }

  private Body read(InputStream in, long declared, ByteBudget.Share room) throws IOException {
    var body = declared > bytesMax ? new Body.TooLong() : collect(in, declared, room);
    discard(in); // also when nothing is left; only now the connection knows that the body has ended
    return body;
  }

  private Body collect(InputStream in, long declared, ByteBudget.Share room) throws IOException {
    int lengthMax = declared >= 0 ? (int) declared : bytesMax + 1;
    var bytes = new byte[Math.min(lengthMax, declared >= 0 ? TRUSTED_LENGTH_MAX : FIRST_LENGTH)];
    int length = 0;
    while (true) {
      if (!room.hold(bytes.length)) {
        return new Body.NoRoom();
      }
      length += in.readNBytes(bytes, length, bytes.length - length);
      if (length < bytes.length || length == lengthMax) {
        break;
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(lengthMax, 2L * length));
    }
    if (length > bytesMax) {
      return new Body.TooLong();
    }
    return new Body.Whole(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
  }

  private static void discard(InputStream in) throws IOException {
    if (in.read() >= 0) {
      var buffer = new byte[DISCARD_BUFFER_LENGTH];
      while (in.read(buffer) >= 0) {
        // thrown away
      }
    }
  }
}
