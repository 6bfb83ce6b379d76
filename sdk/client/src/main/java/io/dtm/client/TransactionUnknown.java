package io.dtm.client;

/**
 * The manager has no transaction with this gid: it was never submitted, or it ended so long ago
 * that the manager has forgotten it, or it was given to another manager.
 */
public final class TransactionUnknown extends TransactionException {
  private static final long serialVersionUID = 1L;

  private final String gid;

  TransactionUnknown(String gid) {
    super("no transaction has the gid " + gid, null);
    this.gid = gid;
  }

  public String gid() {
    return gid;
  }
}
