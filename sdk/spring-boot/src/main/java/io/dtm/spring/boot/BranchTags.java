package io.dtm.spring.boot;

import io.dtm.client.BranchRequest;
import io.dtm.protocol.Operations;
import io.micrometer.core.instrument.Tags;
import java.util.Set;

/** What tells branches apart in meters: few values, whatever a caller sends. */
final class BranchTags {
  private static final Set<String> OPERATIONS =
      Set.of(
          Operations.ACTION,
          Operations.COMPENSATE,
          Operations.TRY,
          Operations.CONFIRM,
          Operations.CANCEL,
          Operations.COMMIT,
          Operations.ROLLBACK,
          Operations.MSG);
  private static final String OTHER = "other";

  private BranchTags() {}

  static Tags of(BranchRequest branch) {
    var operation = branch.operation();
    return Tags.of(
        "mode", branch.mode().word(), "op", OPERATIONS.contains(operation) ? operation : OTHER);
  }
}
