package io.dtm.barrier;

import static io.dtm.barrier.BarrierOutcome.DUPLICATE;
import static io.dtm.barrier.BarrierOutcome.NULL_COMPENSATION;
import static io.dtm.barrier.BarrierOutcome.RAN;
import static io.dtm.barrier.BarrierOutcome.TOO_LATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a branch costs where no server is to be had; elsewhere {@link BarrierContract} counts. */
class UntriedDialectCostTest {

  @ParameterizedTest
  @EnumSource
  void aBranchCostsTwoStatementsAtMost(MarkTable.Refusal refusal) throws SQLException {
    assertThat(cost(new MarkTable(refusal), RAN, "action")).isEqualTo(1);
    assertThat(cost(new MarkTable(refusal), DUPLICATE, "action", "action")).isEqualTo(2);
    assertThat(cost(new MarkTable(refusal), RAN, "action", "compensate")).isEqualTo(2);
    assertThat(cost(new MarkTable(refusal), NULL_COMPENSATION, "compensate")).isEqualTo(2);
    assertThat(cost(new MarkTable(refusal), DUPLICATE, "compensate", "compensate")).isEqualTo(2);
    assertThat(cost(new MarkTable(refusal), TOO_LATE, "compensate", "action")).isEqualTo(2);
  }

  /** Of the last of these calls. */
  private static int cost(MarkTable marks, BarrierOutcome expected, String... operations)
      throws SQLException {
    var before = 0;
    BarrierOutcome outcome = null;
    for (var operation : operations) {
      before = marks.statements();
      outcome =
          Barrier.of("g", "saga", "01", operation)
              .on(BarrierTable.of(marks.dialect()))
              .run(marks.connection(), connection -> {});
    }
    assertThat(outcome).isEqualTo(expected);
    return marks.statements() - before;
  }
}
