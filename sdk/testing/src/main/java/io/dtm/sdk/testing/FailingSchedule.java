package io.dtm.sdk.testing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run after which the invariant did not hold.
 *
 * @param faults how many befell it
 * @param calls as they went, faults included
 * @param applicationSaw the exception that ended the scenario; empty when none did
 * @param end how its transactions ended
 * @param problem what did not hold
 * @param cause what the invariant threw
 */
public record FailingSchedule(
    int faults,
    List<RecordedCall> calls,
    String applicationSaw,
    ExploredEnd end,
    String problem,
    @Nullable Throwable cause) {

  public FailingSchedule {
    calls = List.copyOf(calls);
  }

  /** The calls by number, how it ended, and what was wrong then. */
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int i = 0; i < calls.size(); i++) {
      text.append("  %d. %s%n".formatted(i + 1, calls.get(i)));
    }
    if (!applicationSaw.isEmpty()) {
      text.append("  The application saw: %s%n".formatted(applicationSaw));
    }
    end.transactions()
        .forEach(state ->
            text.append(
                "  %s %s ended as %s%n".formatted(state.mode(), state.gid(), state.status())));
    return text.append("  Then: ").append(problem.strip().indent(8).strip()).toString();
  }
}
