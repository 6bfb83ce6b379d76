package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a branch is called with: bytes that managers pass on as they are. JSON for participants over
 * HTTP, a protobuf message for those over gRPC. Immutable.
 */
public final class Payload {
  private static final Payload EMPTY = new Payload(new byte[0]);

  private final byte[] bytes;

  private Payload(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Nothing; a participant over HTTP is then called with {@code GET}. */
  public static Payload empty() {
    return EMPTY;
  }

  /** A text, in UTF-8. */
  public static Payload of(String text) {
    return of(requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }

  public static Payload of(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : new Payload(bytes.clone());
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * The text that these bytes are in UTF-8.
   *
   * @throws IllegalArgumentException when they are none: JSON can carry texts only
   */
  public String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "payload: %d bytes that are no text (expected: UTF-8; only gRPC carries other bytes)"
              .formatted(bytes.length),
          e);
    }
  }

  /** For people, and for looking for words in it: what is no UTF-8 is replaced. */
  String lenientText() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Payload payload && Arrays.equals(bytes, payload.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Its length only: payloads may be secret. */
  @Override
  public String toString() {
    return "Payload[%d bytes]".formatted(bytes.length);
  }
}
