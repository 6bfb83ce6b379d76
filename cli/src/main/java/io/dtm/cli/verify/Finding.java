package io.dtm.cli.verify;

/**
 * Whether a rule holds.
 *
 * @param rule in one sentence
 * @param detail what was seen, or why it could not be judged; empty when there is nothing to add
 */
public record Finding(Verdict verdict, String rule, String detail) {

  /** What came of trying a rule. */
  public enum Verdict {
    HOLDS,
    /** As far as the answers tell; the effects were not seen. */
    HOLDS_BY_ANSWERS,
    BROKEN,
    NOT_JUDGED
  }
}
