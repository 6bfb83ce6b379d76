package io.dtm.cli.verify;

import io.dtm.cli.verify.Finding.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One transaction's calls of a participant, and what is wrong with what came of them. */
final class Trial {
  private final Participant participant;
  private final @Nullable StateSource source;
  private final String gid;
  private final List<String> violations = new ArrayList<>();

  /** A look at the state; empty of everything when there is none to look at. */
  record Look(@Nullable State state) {}

  /**
   * @param source null when effects cannot be seen
   */
  Trial(Participant participant, @Nullable StateSource source, String gid) {
    this.participant = participant;
    this.source = source;
    this.gid = gid;
  }

  Look look() {
    return new Look(source == null ? null : source.read());
  }

  Answer call(Endpoint endpoint) {
    return participant.call(endpoint, gid);
  }

  /** Calls, and takes any other answer than done for a violation. */
  void mustBeDone(Endpoint endpoint, String which) {
    var answer = call(endpoint);
    if (!answer.isDone()) {
      violations.add(
          "%s %s was answered %s (expected: done)".formatted(which, endpoint.operation(), answer));
    }
  }

  /**
   * Calls many times at once. Some calls may fail or be told to come back, as long as the next one
   * succeeds; a refusal would turn a transaction back that has taken effect.
   */
  void flood(Endpoint endpoint, int calls) {
    participant.callAtOnce(Collections.nCopies(calls, endpoint), gid).stream()
        .filter(answer -> answer.kind() == Answer.Kind.REFUSED)
        .findFirst()
        .ifPresent(answer ->
            violations.add(
                "one of %d calls at once was answered %s (expected: done, or a failure to repeat)"
                    .formatted(calls, answer)));
    mustBeDone(endpoint, "the next");
  }

  /** Calls both at the same moment; what they answer is of no interest. */
  void race(Endpoint one, Endpoint other) {
    var unused = participant.callAtOnce(List.of(one, other), gid);
  }

  /** Takes any change of the state since then for a violation. */
  void mustBeAsIn(Look before, String what) {
    var changes = changesSince(before);
    if (!changes.isEmpty()) {
      violations.add("%s: %s (expected: no change)".formatted(what, inWords(changes)));
    }
  }

  Map<String, String> changesSince(Look before) {
    var earlier = before.state();
    var now = look().state();
    return earlier == null || now == null ? Map.of() : now.changesSince(earlier);
  }

  /** Takes another change of the numbers in the state than this for a violation. */
  void mustHaveChangedBy(Map<String, String> expected, Look before, String what) {
    var actual = numbers(changesSince(before));
    if (!actual.equals(numbers(expected))) {
      violations.add(
          "%s: %s (expected: %s)".formatted(what, inWords(actual), inWords(numbers(expected))));
    }
  }

  /** Names and times differ from one transaction to the next; what is counted does not. */
  private static Map<String, String> numbers(Map<String, String> changes) {
    return changes.entrySet().stream()
        .filter(change -> change.getValue().matches("[+-][0-9.]+"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static String inWords(Map<String, String> changes) {
    return changes.isEmpty()
        ? "no change"
        : changes.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(change -> change.getKey() + " " + change.getValue())
            .collect(Collectors.joining(", "));
  }

  /** What came of a rule, as far as it was tried since the last one. */
  Finding finding(String rule) {
    var seen = Optional.ofNullable(source).map(ignored -> Verdict.HOLDS);
    var verdict = violations.isEmpty() ? seen.orElse(Verdict.HOLDS_BY_ANSWERS) : Verdict.BROKEN;
    var finding = new Finding(verdict, rule, String.join("; ", violations));
    violations.clear();
    return finding;
  }
}
