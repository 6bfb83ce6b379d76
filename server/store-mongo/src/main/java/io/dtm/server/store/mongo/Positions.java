package io.dtm.server.store.mongo;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as opaque text: a byte that tells the kinds apart, and a sort key. */
final class Positions {
  private static final byte TRANSACTION = 1;
  private static final byte ENTRY = 2;
  private static final byte PARKED = 3;

  private Positions() {}

  /**
   * A place in the listing of transactions, by {@link TransactionDocuments#id}.
   *
   * @param createdAt what the listing is sorted by first
   */
  record Place(long createdAt, String id) {}

  /** A place among the settings, by {@linkplain StoredTexts stored texts}. */
  record Key(String category, String key) {}

  static String of(Place place) {
    return encode(TRANSACTION, place);
  }

  static Place place(String position) {
    return place(position, TRANSACTION);
  }

  /** Among parked transactions, where the due time takes the place of the creation. */
  static String ofParked(Place place) {
    return encode(PARKED, place);
  }

  static Place parked(String position) {
    return place(position, PARKED);
  }

  private static String encode(byte kind, Place place) {
    var id = place.id().getBytes(StandardCharsets.UTF_8);
    return encode(
        ByteBuffer.allocate(1 + Long.BYTES + id.length)
            .put(kind)
            .putLong(place.createdAt())
            .put(id));
  }

  private static Place place(String position, byte kind) {
    try {
      var in = decode(position, kind);
      return new Place(in.getLong(), text(in));
    } catch (BufferUnderflowException | CharacterCodingException e) {
      throw unknown(position, e);
    }
  }

  static String of(Key key) {
    var category = key.category().getBytes(StandardCharsets.UTF_8);
    var name = key.key().getBytes(StandardCharsets.UTF_8);
    return encode(
        ByteBuffer.allocate(1 + Integer.BYTES + category.length + name.length)
            .put(ENTRY)
            .putInt(category.length)
            .put(category)
            .put(name));
  }

  static Key key(String position) {
    try {
      var in = decode(position, ENTRY);
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw unknown(position, null);
      }
      var category = text(in.slice(in.position(), length));
      return new Key(category, text(in.position(in.position() + length)));
    } catch (BufferUnderflowException | CharacterCodingException e) {
      throw unknown(position, e);
    }
  }

  private static String encode(ByteBuffer bytes) {
    var text = Base64.getUrlEncoder().withoutPadding().encode(bytes.flip());
    return StandardCharsets.ISO_8859_1.decode(text).toString();
  }

  private static ByteBuffer decode(String position, byte kind) {
    try {
      var in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(position));
      if (in.hasRemaining() && in.get() == kind) {
        return in;
      }
    } catch (IllegalArgumentException e) {
      throw unknown(position, e);
    }
    throw unknown(position, null);
  }

  /** The rest as text; unlike a String's constructor this refuses what is none. */
  private static String text(ByteBuffer in) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
  }

  private static IllegalArgumentException unknown(String position, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "position: %s (expected: the end of an earlier page)".formatted(position), cause);
  }
}
