package io.dtm.server.store.memory;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as opaque text: the parts of a sort key, Base64 over lines. */
final class Positions {
  private static final String SEPARATOR = "\n";

  private Positions() {}

  static String of(ListingKey key) {
    return encode(key.createdAt().toString(), key.gid());
  }

  static ListingKey listingKey(String position) {
    var parts = decode(position);
    try {
      return new ListingKey(Instant.parse(parts.getFirst()), parts.getLast());
    } catch (DateTimeException e) {
      throw unknown(position, e);
    }
  }

  static String of(EntryKey key) {
    return encode(key.category(), key.key());
  }

  static EntryKey entryKey(String position) {
    var parts = decode(position);
    return new EntryKey(parts.getFirst(), parts.getLast());
  }

  private static String encode(String first, String second) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((first + SEPARATOR + second).getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> decode(String position) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(position), StandardCharsets.UTF_8);
      var parts = List.of(text.split(SEPARATOR, -1));
      if (parts.size() == 2) {
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
