package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * No manager gave a usable answer: none was reachable, none answered in time, or each was
 * overloaded or broken. Whether the command took effect is not known. It is safe to give it again,
 * with the same gid: a manager that has the transaction already goes on with it instead of starting
 * a second one.
 */
public final class TransactionManagerUnavailable extends TransactionException {
  private static final long serialVersionUID = 1L;

  /** For transports. */
  public TransactionManagerUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
