package io.dtm.server.api;

/**
 * As much is in memory as may be, so that a request cannot be carried out now. Nothing was stored.
 */
final class NoRoom extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoRoom() {
    super("no room in memory", null, false, false);
  }
}
