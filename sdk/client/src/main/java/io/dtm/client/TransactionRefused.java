package io.dtm.client;

/**
 * The manager understood the command and will not carry it out; the message says why, in its words.
 * Nothing was changed, and giving the command again unchanged is in vain.
 */
public final class TransactionRefused extends TransactionException {
  private static final long serialVersionUID = 1L;

  /** For libraries that ask managers themselves. */
  public TransactionRefused(String message) {
    super(message, null);
  }
}
