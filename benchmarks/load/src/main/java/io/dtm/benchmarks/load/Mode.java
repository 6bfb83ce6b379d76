package io.dtm.benchmarks.load;

import static io.dtm.benchmarks.load.FlowStep.PREPARE;
import static io.dtm.benchmarks.load.FlowStep.SUBMIT;
import static io.dtm.benchmarks.load.FlowStep.register;
import static io.dtm.benchmarks.load.FlowStep.tryOf;

import io.dtm.protocol.TransTypes;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a client does in one flow, and which calls the participant must have got by its end. */
@SuppressWarnings("ImmutableEnumChecker") // its lists are made by List.of
enum Mode {
  SAGA("saga", TransTypes.SAGA, List.of(SUBMIT), List.of("01 action", "02 action")),
  TCC(
      "tcc",
      TransTypes.TCC,
      List.of(PREPARE, register("01"), tryOf("01"), register("02"), tryOf("02"), SUBMIT),
      List.of("01 try", "02 try", "01 confirm", "02 confirm")),
  MESSAGE("message", TransTypes.MSG, List.of(PREPARE, SUBMIT), List.of("01 action", "02 action")),
  MESSAGE_SUBMIT(
      "message-submit", TransTypes.MSG, List.of(SUBMIT), List.of("01 action", "02 action")),
  XA(
      "xa",
      TransTypes.XA,
      List.of(PREPARE, register("01"), register("02"), SUBMIT),
      List.of("01 commit", "02 commit")),
  WORKFLOW(
      "workflow",
      TransTypes.WORKFLOW,
      List.of(PREPARE, register("01"), register("02"), SUBMIT),
      List.of());

  private final String word;
  private final String transType;
  private final List<FlowStep> steps;
  private final List<String> calls;

  /**
   * @param transType as the wire calls it
   * @param calls branch and operation of each call, in any order
   */
  Mode(String word, String transType, List<FlowStep> steps, List<String> calls) {
    this.word = word;
    this.transType = transType;
    this.steps = steps;
    this.calls = calls;
  }

  /** The mode that a word of a command line means. */
  static Mode of(String word) {
    return Arrays.stream(values())
        .filter(mode -> mode.word.equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "mode: %s (expected: one of %s)".formatted(word, words())));
  }

  /** All words, for messages. */
  static String words() {
    return Arrays.stream(values()).map(Mode::toString).collect(Collectors.joining(", "));
  }

  String transType() {
    return transType;
  }

  /** The client's requests, one after the other. */
  List<FlowStep> steps() {
    return steps;
  }

  /** Branch and operation of every call that one flow causes, each exactly once. */
  List<String> calls() {
    return calls;
  }

  /** Messages between programs on the way of one flow: there and back count as one. */
  int roundTrips() {
    boolean clientTries = steps.stream().anyMatch(step -> step.kind() == FlowStep.Kind.TRY);
    int fromServer = clientTries ? calls.size() / 2 : calls.size();
    return steps.size() + fromServer;
  }

  @Override
  public String toString() {
    return word;
  }
}
