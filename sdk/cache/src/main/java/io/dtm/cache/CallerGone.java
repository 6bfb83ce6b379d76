package io.dtm.cache;

/**
 * Who wanted the load was interrupted and has left. Others who want the same have to begin anew.
 */
final class CallerGone extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallerGone() {
    super("the caller was interrupted");
  }
}
