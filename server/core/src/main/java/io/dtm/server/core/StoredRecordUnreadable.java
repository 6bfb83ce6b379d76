package io.dtm.server.core;

/**
 * The store has something that this server cannot read: it is damaged, or was written by a newer
 * version of the server. Nothing was changed. Another server may be able to read it.
 */
public final class StoredRecordUnreadable extends StoreUnavailable {
  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * @param store which store it is in
   * @param what which record it is, and what is wrong with it
   */
  public StoredRecordUnreadable(String store, String what, Throwable cause) {
    super("%s: %s".formatted(store, what), cause);
    this.what = what;
  }

  public StoredRecordUnreadable(String what) {
    super(what);
    this.what = what;
  }

  /** Which record it is, and what is wrong with it. */
  public String what() {
    return what;
  }
}
