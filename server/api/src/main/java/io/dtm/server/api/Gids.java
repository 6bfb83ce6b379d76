package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.server.core.Gid;

/**
 * Takes gids from requests, word for word: a gid that was changed on the way in could not be found
 * again.
 */
final class Gids {
  private Gids() {}

  /**
   * @throws InvalidRequest when it cannot be one
   */
  static Gid parse(String text) {
    if (text.endsWith(" ")) {
      throw InvalidRequest.of(Keys.GID, text, "no space at the end");
    }
    return new Gid(Names.check(Keys.GID, text, Gid.LENGTH_MAX));
  }
}
