package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpMessageReaderTest {
  private static final String WITH_LENGTH =
      "HTTP/1.1 409 Conflict\r\ncontent-length: 5\r\n\r\nwrong";
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n"
          + "3\r\n"
          + "abc\r\n"
          + "A\r\n"
          + "0123456789\r\n"
          + "0\r\n\r\n";
  private static final String WITHOUT_BODY = "GET /do?gid=1 HTTP/1.1\r\nHost: x\r\n\r\n";

  private final HttpMessageReader reader = new HttpMessageReader();

  @ParameterizedTest
  @ValueSource(strings = {WITH_LENGTH, CHUNKED, WITHOUT_BODY})
  void readsAMessageThatComesByteByByteAndTheNextBehindIt(String message) throws IOException {
    var channel = byteByByte(message + WITH_LENGTH);
    for (int i = 1; i < message.length(); i++) {
      assertThat(reader.readFrom(channel)).isTrue();
      assertThat(reader.isComplete()).as("after %d bytes", i).isFalse();
    }

    assertThat(reader.readFrom(channel)).isTrue();

    assertThat(reader.isComplete()).isTrue();
    assertThat(reader.startLine()).isEqualTo(message.substring(0, message.indexOf('\r')));
    reader.next();
    while (!reader.isComplete()) {
      assertThat(reader.readFrom(channel)).isTrue();
    }
    assertThat(reader.body()).isEqualTo("wrong");
    assertThat(reader.readFrom(channel)).isFalse();
  }

  @Test
  void readsABodyThatIsLargerThanItsFirstRoom() throws IOException {
    var body = "x".repeat(100_000);
    var channel =
        Channels.newChannel(
            new ByteArrayInputStream(
                ("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body).getBytes(ISO_8859_1)));

    while (!reader.isComplete()) {
      assertThat(reader.readFrom(channel)).isTrue();
    }

    assertThat(reader.body()).isEqualTo(body);
  }

  @Test
  void refusesALengthThatIsNone() throws IOException {
    var channel = byteByByte("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n");

    assertThatThrownBy(
            () -> {
              while (!reader.isComplete()) {
                reader.readFrom(channel);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessage("content-length: many (expected: a number)");
  }

  private static ReadableByteChannel byteByByte(String text) {
    var bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    return new ReadableByteChannel() {
      @Override
      public int read(ByteBuffer target) {
        if (!bytes.hasRemaining()) {
          return -1;
        }
        target.put(bytes.get());
        return 1;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
