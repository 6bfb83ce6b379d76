package io.dtm.server.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The part of an address behind the question mark. Of a repeated parameter the first counts. Absent
 * and empty are the same.
 */
final class QueryParameters {
  private final Map<String, String> values;

  private QueryParameters(Map<String, String> values) {
    this.values = values;
  }

  static QueryParameters parse(String rawQuery) {
    if (rawQuery.isEmpty()) {
      return new QueryParameters(Map.of());
    }
    var values = new HashMap<String, String>();
    for (var pair : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      var name = equals < 0 ? pair : pair.substring(0, equals);
      var value = equals < 0 ? "" : pair.substring(equals + 1);
      values.putIfAbsent(decoded(name), decoded(value));
    }
    return new QueryParameters(values);
  }

  String text(String name) {
    return values.getOrDefault(name, "");
  }

  /** A whole number from {@code min} to {@code max}, or {@code absent} when there is none. */
  long number(String name, long absent, long min, long max) {
    var text = text(name);
    if (text.isEmpty()) {
      return absent;
    }
    var expected = "a whole number from %d to %d".formatted(min, max);
    long number;
    try {
      number = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(name, text, expected);
    }
    if (number < min || number > max) {
      throw InvalidRequest.of(name, text, expected);
    }
    return number;
  }

  /** How many items to return: at least 1; more than {@code max} means {@code max}. */
  int limit(String name, int absent, int max) {
    var text = text(name);
    boolean huge = text.length() > 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return huge ? max : (int) Math.min(number(name, absent, 1, Integer.MAX_VALUE), max);
  }

  private static String decoded(String raw) {
    if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of("query string", raw, "percent-encoded UTF-8");
    }
  }
}
