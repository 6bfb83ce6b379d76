package io.dtm.testing.databases;

import java.util.regex.Pattern;

/** The rule for names of databases in tests: what may stand between quotes in every dialect. */
final class DatabaseName {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_-]{1,63}");

  private DatabaseName() {}

  static String checked(String name) {
    if (!ALLOWED.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "database name '%s' (expected: %s)".formatted(name, ALLOWED));
    }
    return name;
  }
}
