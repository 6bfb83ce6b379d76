package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.server.core.Gid;

/**
 * Takes gids from requests, word for word: a gid that was changed on the way in could not be found
 * again.
 */
final class Gids {
  private static final String EXPECTED =
      "1 to " + Gid.LENGTH_MAX + " characters, no control character among them";

  private Gids() {}

  /**
   * @throws InvalidRequest when it cannot be one
   */
  static Gid parse(String text) {
    if (text.isEmpty()) {
      throw InvalidRequest.of(Keys.GID, "missing", EXPECTED);
    }
    if (hasUnpairedSurrogate(text)) {
      // it has no UTF-8 form: two such gids would become one in a store
      throw InvalidRequest.of(Keys.GID, text, "well-formed Unicode");
    }
    try {
      return new Gid(text);
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(Keys.GID, text, EXPECTED);
    }
  }

  private static boolean hasUnpairedSurrogate(String text) {
    return text.codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
