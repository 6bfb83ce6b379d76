package io.dtm.spring;

/**
 * A message with this gid was sent or dropped before, or its local transaction committed before: so
 * the local transaction that is under way must not be. {@link
 * io.dtm.client.TransactionClient#query} tells what came of it.
 */
public final class MessageAlreadyDecided extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  MessageAlreadyDecided(String gid, String how) {
    super("message %s: %s (expected: a gid that was not used before)".formatted(gid, how));
  }
}
