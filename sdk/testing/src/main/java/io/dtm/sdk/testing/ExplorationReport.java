package io.dtm.sdk.testing;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TransactionExplorer} found.
 *
 * @param runs how many there were
 * @param failing how many of them ended with a broken invariant
 * @param complete whether every schedule was tried that was to be; false when the limit of runs
 *     ended the search
 * @param failed the failing one with the fewest faults, and among these the fewest calls
 */
public record ExplorationReport(
    int runs, int failing, boolean complete, @Nullable FailingSchedule failed) {

  /** The shortest failing schedule; empty when the invariant held in every run. */
  public Optional<FailingSchedule> shortest() {
    return Optional.ofNullable(failed);
  }

  @Override
  public String toString() {
    if (failed == null) {
      return "the invariant held in %d runs%s"
          .formatted(runs, complete ? "" : " (there are more: runsMax ended the search)");
    }
    return "the invariant broke in %d of %d runs; the shortest schedule has %d fault%s:%n%s"
        .formatted(failing, runs, failed.faults(), failed.faults() == 1 ? "" : "s", failed);
  }
}
