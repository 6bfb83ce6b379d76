package io.dtm.server.app;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What somebody who mistyped a key probably meant. */
final class NearestKey {
  private NearestKey() {}

  /** The known key with the fewest differences, unless that is more than half of it. */
  static Optional<String> to(String unknown) {
    return Settings.all().stream()
        .map(Setting::key)
        .min(Comparator.comparingInt(key -> distance(unknown, key)))
        .filter(key -> distance(unknown, key) <= key.length() / 2);
  }

  /** Characters to be inserted, deleted or replaced; capitals do not count. */
  private static int distance(String left, String right) {
    var a = left.toLowerCase(Locale.ROOT);
    var b = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
