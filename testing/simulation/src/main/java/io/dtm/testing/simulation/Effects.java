package io.dtm.testing.simulation;

import io.dtm.server.core.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What participants have done, each operation of a branch once however often it is asked for: an
 * undo that comes before what it undoes keeps the latter from ever taking effect.
 */
final class Effects {
  /** The try of a TCC branch, or the prepare of an XA branch, which the client calls itself. */
  static final Operation TRY = new Operation("try");

  private static final Set<Operation> UNDOING =
      Set.of(Operation.COMPENSATE, Operation.CANCEL, Operation.ROLLBACK);

  private final Map<String, Branch> branches = new HashMap<>();

  /** One branch at its participant. */
  static final class Branch {
    private boolean done;
    private boolean undone;
    private boolean confirmed;

    /** Whether something is left of it in the end. */
    boolean isInEffect() {
      return done && !undone;
    }

    boolean isConfirmed() {
      return confirmed;
    }

    boolean isUndone() {
      return undone;
    }
  }

  void apply(String gid, String branchId, Operation operation) {
    var branch = branches.computeIfAbsent(gid + "/" + branchId, b -> new Branch());
    if (UNDOING.contains(operation)) {
      branch.undone = true;
    } else if (operation.equals(Operation.CONFIRM) || operation.equals(Operation.COMMIT)) {
      branch.confirmed = true;
    } else if (!branch.undone) {
      branch.done = true;
    }
  }

  Branch of(String gid, String branchId) {
    return branches.getOrDefault(gid + "/" + branchId, new Branch());
  }
}
