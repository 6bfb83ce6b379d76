package io.dtm.client;

import org.jspecify.annotations.Nullable;

/**
 * The participant will not do it, now or later: too little money, say. The transaction turns back,
 * for the reason that the message gives. Over HTTP the answer 409 with the message in its body,
 * over gRPC the status {@code ABORTED}.
 *
 * <p>To be thrown from actions, tries and a message's check-back. What confirms, commits or undoes
 * must not refuse; managers repeat it until it succeeds.
 */
public final class BranchRefused extends BranchException {
  private static final long serialVersionUID = 1L;

  /**
   * @param reason for people; becomes the reason of the transaction's turning back
   */
  public BranchRefused(String reason) {
    this(reason, null);
  }

  public BranchRefused(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
