package io.dtm.server.store.memory;

import io.dtm.server.core.Gid;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as opaque text: the parts of a sort key, Base64 over lines. */
final class Positions {
  private static final String SEPARATOR = "\n";

  /** Tells a position among parked transactions from the others. */
  private static final String PARKED = "parked";

  private Positions() {}

  static String of(ListingKey key) {
    return encode(key.createdAt().toString(), key.gid());
  }

  static ListingKey listingKey(String position) {
    var parts = decode(position, 2);
    try {
      return new ListingKey(Instant.parse(parts.getFirst()), parts.getLast());
    } catch (DateTimeException e) {
      throw unknown(position, e);
    }
  }

  static String of(TimeKey key) {
    return encode(PARKED, key.time().toString(), key.gid().value());
  }

  static TimeKey timeKey(String position) {
    var parts = decode(position, 3);
    try {
      if (parts.getFirst().equals(PARKED)) {
        return new TimeKey(Instant.parse(parts.get(1)), new Gid(parts.getLast()));
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw unknown(position, e);
    }
    throw unknown(position, null);
  }

  static String of(EntryKey key) {
    return encode(key.category(), key.key());
  }

  static EntryKey entryKey(String position) {
    var parts = decode(position, 2);
    return new EntryKey(parts.getFirst(), parts.getLast());
  }

  private static String encode(String... parts) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(String.join(SEPARATOR, parts).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> decode(String position, int count) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(position), StandardCharsets.UTF_8);
      var parts = List.of(text.split(SEPARATOR, -1));
      if (parts.size() == count) {
        return parts;
      }
    } catch (IllegalArgumentException e) {
      throw unknown(position, e);
    }
    throw unknown(position, null);
  }

  private static IllegalArgumentException unknown(String position, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "position: %s (expected: the end of an earlier page)".formatted(position), cause);
  }
}
