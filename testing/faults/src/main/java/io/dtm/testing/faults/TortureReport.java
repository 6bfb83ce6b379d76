package io.dtm.testing.faults;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of one run.
 *
 * @param ends how many transactions of each flow ended in which way
 * @param happened how much of each disturbance there was
 */
record TortureReport(
    TorturePlan plan,
    Duration took,
    Chronicle chronicle,
    Map<Flow, Map<String, Long>> ends,
    Map<String, Integer> happened,
    Judge judge,
    List<String> unexpected) {
  private static final int SHOWN_MAX = 20;

  /** Whether everything was as it was promised. */
  boolean isGood() {
    return judge.lost().isEmpty() && judge.violations().isEmpty() && unexpected.isEmpty();
  }

  static Map<Flow, Map<String, Long>> count(Chronicle chronicle, Ends ends) {
    return chronicle.entries().entrySet().stream()
        .collect(
            Collectors.groupingBy(
                entry -> entry.getValue().flow(),
                TreeMap::new,
                Collectors.groupingBy(
                    entry -> ends.statuses().getOrDefault(entry.getKey(), "not told"),
                    TreeMap::new,
                    Collectors.counting())));
  }

  void print(PrintWriter out) {
    out.printf(
        "%nstore %s, %d nodes, %d clients, seed %d, %d s%n",
        plan.store(), plan.nodes(), plan.clients(), plan.seed(), took.toSeconds());
    ends.forEach((flow, counts) -> out.printf("  %-16s %s%n", flow, counts));
    out.printf("  %-28s %d%n", "transactions begun", chronicle.begun());
    out.printf("  %-28s %d%n", "acknowledged", chronicle.acknowledged());
    out.printf("  %-28s %d%n", "requests repeated", chronicle.repeats());
    happened.forEach((what, count) -> out.printf("  %-28s %d%n", what, count));
    out.printf("  %-28s %d ms%n", "longest answer", chronicle.longestAnswerMillis());
    out.printf("  %-28s %s%n", "taken over after a kill", takeOver());
    out.printf("  %-28s %d%n", "duplicate calls", judge.duplicates());
    list(out, "acknowledged, but lost", judge.lost());
    list(out, "violations", judge.violations());
    list(out, "unexpected answers", unexpected);
    out.flush();
  }

  private String takeOver() {
    var all = judge.takeOverMillis();
    return all.isEmpty()
        ? "nothing"
        : "%d calls, median %d ms, longest %d ms"
            .formatted(all.size(), all.get(all.size() / 2), all.getLast());
  }

  private static void list(PrintWriter out, String what, List<String> all) {
    out.printf("  %-28s %d%n", what, all.size());
    all.stream().limit(SHOWN_MAX).forEach(each -> out.printf("    %s%n", each));
  }
}
