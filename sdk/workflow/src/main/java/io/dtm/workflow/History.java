package io.dtm.workflow;

import io.dtm.protocol.Operations;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was recorded of a workflow before this run: the steps by their position, and what was done
 * after the function's end. Not changed by the run. Whatever was recorded by us bears a name, and
 * must be asked for by that name.
 */
final class History {
  private final String gid;
  private final String workflow;
  private final TreeMap<Integer, StepRecord> steps = new TreeMap<>();
  private final NavigableSet<String> ends = new TreeSet<>();

  History(String gid, String workflow) {
    this.gid = gid;
    this.workflow = workflow;
  }

  /** Adds a record as a manager tells of it; what is no step of a workflow is left out. */
  void add(String branchId, String operation, StepRecord record) {
    if (!isPosition(branchId)) {
      return;
    }
    if (operation.equals(Operations.ACTION)) {
      steps.put(Integer.parseInt(branchId), record);
    } else if (operation.equals(Operations.COMMIT) || operation.equals(Operations.ROLLBACK)) {
      ends.add(key(branchId, operation));
    }
  }

  /**
   * What was recorded of the step at this position; empty when it is to be done now.
   *
   * @throws HistoryChanged when another step was recorded there, or the function had gone on
   *     without this one
   */
  Optional<StepRecord> step(int position, String name) {
    var asked = "step %02d is '%s'".formatted(position, name);
    var found = Optional.ofNullable(steps.get(position));
    if (found.isEmpty()) {
      var later = steps.higherEntry(position);
      if (later != null) {
        throw changed(inWords(later.getKey(), later.getValue()) + " without it", asked);
      }
      if (!ends.isEmpty()) {
        throw changed("the function had ended, and %s was done".formatted(ends.first()), asked);
      }
    } else if (!found.get().name().isEmpty() && !found.get().name().equals(name)) {
      throw changed(inWords(position, found.get()), asked);
    }
    return found;
  }

  /**
   * That the function, at its end, has asked for all that was recorded.
   *
   * @param count of the steps that it asked for
   * @param operation what is to be done with them now
   * @throws HistoryChanged also when the other was begun before
   */
  void requireEnd(int count, String operation) {
    var later = steps.higherEntry(count);
    if (later != null) {
      throw changed(
          inWords(later.getKey(), later.getValue()),
          "the function ends after %d steps".formatted(count));
    }
    var other = operation.equals(Operations.COMMIT) ? Operations.ROLLBACK : Operations.COMMIT;
    for (var end : ends) {
      if (end.endsWith(" " + other)) {
        throw changed(
            "%s was done".formatted(end),
            operation.equals(Operations.COMMIT)
                ? "the function succeeds"
                : "the function is refused");
      }
    }
  }

  boolean has(String branchId, String operation) {
    return ends.contains(key(branchId, operation));
  }

  private HistoryChanged changed(String recorded, String asked) {
    return new HistoryChanged(gid, workflow, recorded, asked);
  }

  private static String inWords(int position, StepRecord record) {
    return record.name().isEmpty()
        ? "step %02d was recorded".formatted(position)
        : "step %02d was recorded as '%s'".formatted(position, record.name());
  }

  private static String key(String branchId, String operation) {
    return branchId + " " + operation;
  }

  private static boolean isPosition(String branchId) {
    return branchId.length() == 2 && branchId.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
