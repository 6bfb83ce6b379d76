package io.dtm.server.api;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads request bodies up to a limit, however they are sent. Thread-safe. */
final class BodyReader {
  /** A declared length is taken on trust, and memory set aside for it, only up to this. */
  private static final int TRUSTED_LENGTH_MAX = 64 * 1024;

  private static final byte[] NO_BODY = new byte[0];
  private static final int DISCARD_BUFFER_LENGTH = 8 * 1024;

  private final int bytesMax;

  BodyReader(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * The whole body, or empty when it is longer than the limit. What is too long is thrown away as
   * it comes in, so that the client, which may read no answer before it has sent everything, hears
   * of it and can go on with the connection.
   *
   * @throws io.helidon.http.RequestException when the body breaks the rules of HTTP, or is so long
   *     that it is not even thrown away
   */
  Optional<byte[]> read(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return Optional.of(NO_BODY);
    }
    long declared = request.headers().contentLength().orElse(-1);
    if (declared > bytesMax && request.headers().containsToken(HeaderValues.EXPECT_100)) {
      return Optional.empty(); // without "100 Continue" the client keeps the body to itself
    }
    try {
      return read(request.content().inputStream(), declared);
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

  private Optional<byte[]> read(InputStream in, long declared) throws IOException {
    if (declared > bytesMax) {
      discard(in);
      return Optional.empty();
    }
    var body =
        declared >= 0 && declared <= TRUSTED_LENGTH_MAX
            ? exactly(in, (int) declared)
            : in.readNBytes(bytesMax + 1);
    if (body.length > bytesMax) {
      discard(in);
      return Optional.empty();
    }
    discard(in); // nothing left; only now the connection knows that the body has ended
    return Optional.of(body);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    var body = new byte[length];
    in.readNBytes(body, 0, length);
    return body;
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
