package io.dtm.server.store.jdbc;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a page ended, as opaque text: the parts of a sort key, Base64 over lines.
 *
 * @param first what a listing is sorted by first: a time or a category
 * @param second a gid, which need not be a valid one, or a name
 */
record Place(String first, String second) {
  private static final String SEPARATOR = "\n";

  private static final int PARTS = 2;

  /** What not every database takes. */
  private static final String NUL = "\0";

  /** Tells a place among parked transactions from the others. */
  private static final String PARKED = "parked ";

  /** Of a listing of transactions. */
  static Place of(long createdAt, String gid) {
    return new Place(String.valueOf(createdAt), gid);
  }

  /** Of a listing of parked transactions. */
  static Place ofParked(long dueAt, String gid) {
    return new Place(PARKED + dueAt, gid);
  }

  /** The first part of a place in a listing of transactions. */
  long createdAt() {
    return Long.parseLong(first);
  }

  /** The first part of a place in a listing of parked transactions. */
  long dueAt() {
    return Long.parseLong(first, PARKED.length(), first.length(), 10);
  }

  String position() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((first + SEPARATOR + second).getBytes(StandardCharsets.UTF_8));
  }

  /** The place in a listing of transactions that a position tells, likewise checked. */
  static Place ofListing(String position) {
    var place = at(position);
    try {
      return of(Long.parseLong(place.first()), place.second());
    } catch (IllegalArgumentException e) {
      throw unknown(position, e);
    }
  }

  /** The place in a listing of parked transactions that a position tells, likewise checked. */
  static Place ofParked(String position) {
    var place = at(position);
    try {
      if (place.first().startsWith(PARKED)) {
        return ofParked(place.dueAt(), place.second());
      }
    } catch (IllegalArgumentException e) {
      throw unknown(position, e);
    }
    throw unknown(position, null);
  }

  /**
   * The place that a position tells.
   *
   * @throws IllegalArgumentException when it is none of ours
   */
  static Place at(String position) {
    try {
      var text = new String(Base64.getUrlDecoder().decode(position), StandardCharsets.UTF_8);
      var parts = List.of(text.split(SEPARATOR, PARTS));
      if (parts.size() == PARTS && !parts.getLast().contains(NUL)) {
        return new Place(parts.getFirst(), parts.getLast());
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
