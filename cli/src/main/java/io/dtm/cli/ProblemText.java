package io.dtm.cli;

import io.dtm.server.transfer.Problem;
import java.util.ArrayList;
import java.util.List;

/** Says what an operator has to look at, one line for each. */
final class ProblemText {
  private ProblemText() {}

  /**
   * @param count of all; only the first may be known
   */
  static List<String> lines(List<Problem> problems, long count) {
    var lines = new ArrayList<>(problems.stream().map(ProblemText::line).toList());
    if (count > problems.size()) {
      lines.add("… and %d more".formatted(count - problems.size()));
    }
    return lines;
  }

  /** In one line, whatever stood in the store. */
  private static String line(Problem problem) {
    var line = new StringBuilder();
    problem
        .toString()
        .codePoints()
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return line.toString();
  }
}
