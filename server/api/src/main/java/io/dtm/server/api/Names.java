package io.dtm.server.api;

/** Checks texts that name something: what stores make keys of, and people read in one line. */
final class Names {
  private Names() {}

  /**
   * @throws InvalidRequest when it is empty or too long, has a control character or no UTF-8 form
   */
  static String check(String field, String name, int lengthMax) {
    var expected = "1 to %d characters, no control character among them".formatted(lengthMax);
    if (name.isEmpty()) {
      throw InvalidRequest.of(field, "missing", expected);
    }
    if (hasUnpairedSurrogate(name)) {
      // two such names would become one in a store
      throw InvalidRequest.of(field, name, "well-formed Unicode");
    }
    if (name.length() > lengthMax || name.chars().anyMatch(Character::isISOControl)) {
      throw InvalidRequest.of(field, name, expected);
    }
    return name;
  }

  private static boolean hasUnpairedSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
