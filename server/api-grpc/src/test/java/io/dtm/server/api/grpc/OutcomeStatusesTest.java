package io.dtm.server.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.engine.CommandOutcome;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the engine rarely says; the rest is in {@link TransactionServiceTest}. */
class OutcomeStatusesTest {
  private static final Gid GID = new Gid("g1");

  @Test
  void anOverloadedEngineHasStoredNothing() {
    var outcome = new CommandOutcome.Overloaded(Duration.ofSeconds(1));

    for (var status :
        new Status[] {
          OutcomeStatuses.submitted(GID, "saga", outcome),
          OutcomeStatuses.aborted(GID, "tcc", outcome)
        }) {
      assertThat(status.getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
      assertThat(status.getDescription())
          .isEqualTo("overloaded: too many transactions in work, nothing was stored");
    }
  }
}
