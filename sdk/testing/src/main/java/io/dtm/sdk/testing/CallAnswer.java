package io.dtm.sdk.testing;

import java.util.Locale;

/**
 * How a call was answered.
 *
 * @param message what else the answer said, shortened; often empty
 */
public record CallAnswer(Kind kind, String message) {
  private static final int MESSAGE_MAX = 200;

  /** The answers of the protocol. */
  public enum Kind {
    /** It took effect. */
    DONE,
    /** It is refused, for good. */
    REFUSED,
    /** The participant is still at work. */
    ONGOING,
    /** Nobody knows: an error, a time-out, an answer outside the protocol. */
    UNCLEAR,
    /** There is no answer yet. */
    NONE
  }

  public CallAnswer {
    if (message.length() > MESSAGE_MAX) {
      message = message.substring(0, MESSAGE_MAX) + "…";
    }
  }

  static CallAnswer none() {
    return new CallAnswer(Kind.NONE, "");
  }

  /** Such as {@code done} or {@code refused: account frozen}. */
  @Override
  public String toString() {
    var word = kind.name().toLowerCase(Locale.ROOT);
    return kind == Kind.DONE || message.isBlank() ? word : word + ": " + message.strip();
  }
}
