package io.dtm.client;

import io.dtm.protocol.TransTypes;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of global transaction. */
public enum TransactionMode {
  SAGA(TransTypes.SAGA),
  TCC(TransTypes.TCC),
  XA(TransTypes.XA),
  MESSAGE(TransTypes.MSG),
  WORKFLOW(TransTypes.WORKFLOW);

  private final String word;

  TransactionMode(String word) {
    this.word = word;
  }

  /** As the wire and the tables of barriers spell it, such as {@code msg}. */
  public String word() {
    return word;
  }

  /**
   * The mode that is spelled so.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static TransactionMode ofWord(String word) {
    return Arrays.stream(values())
        .filter(mode -> mode.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "trans_type: '%s' (expected: one of %s)".formatted(word, words())));
  }

  private static String words() {
    return Arrays.stream(values()).map(TransactionMode::word).collect(Collectors.joining(", "));
  }
}
