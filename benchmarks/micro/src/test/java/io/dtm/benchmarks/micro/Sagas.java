package io.dtm.benchmarks.micro;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.testing.store.testkit.TransactionBuilder;
import java.time.Instant;
import java.util.stream.IntStream;

/** The two writes of a saga that succeeds. */
final class Sagas {
  private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LEASED_UNTIL = CREATED.plusSeconds(10);
  private static final Instant ENDED = CREATED.plusMillis(7);

  private Sagas() {}

  /** As a submit writes it: in the hands of the node that goes on with it at once. */
  static GlobalTransaction begun(String gid, int steps) {
    var names = IntStream.rangeClosed(1, steps).mapToObj(i -> "participant-" + i);
    return TransactionBuilder.aSaga(gid)
        .createdAt(CREATED)
        .claimedBy("node-1", LEASED_UNTIL)
        .step(names.toArray(String[]::new))
        .build();
  }

  /** Every action has succeeded, and so has the saga. */
  static WriteCommand.Update end(GlobalTransaction begun) {
    var after = begun;
    for (int i = 0; i < begun.branches().size(); i++) {
      if (begun.branches().get(i).is(Operation.ACTION)) {
        after = after.withBranch(i, begun.branches().get(i).progress().succeeded(ENDED));
      }
    }
    after = after.movedTo(TransactionStatus.SUCCEEDED, "", ENDED);
    return new WriteCommand.Update(
        begun, after.withSchedule(after.schedule().due(ENDED)).nextVersion(ENDED));
  }
}
