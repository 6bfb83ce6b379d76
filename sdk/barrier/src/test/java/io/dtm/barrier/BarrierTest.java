package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BarrierTest {
  private static final Map<String, String> PARAMETERS =
      Map.of("gid", "g", "trans_type", "tcc", "branch_id", "0101", "op", "try", "dtm", "x");

  @Test
  void itIsReadFromTheParametersOfACall() {
    var barrier = Barrier.from(PARAMETERS);

    assertThat(barrier.gid()).isEqualTo("g");
    assertThat(barrier.transType()).isEqualTo("tcc");
    assertThat(barrier.branchId()).isEqualTo("0101");
    assertThat(barrier.op()).isEqualTo("try");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gid", "trans_type", "branch_id", "op"})
  void aCallThatLacksAParameterIsNotTheManagers(String name) {
    var parameters = new HashMap<>(PARAMETERS);
    parameters.put(name, "");

    assertThatThrownBy(() -> Barrier.from(parameters))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            name
                + ": missing (expected: gid, trans_type, branch_id and op, as the manager sends"
                + " them)");
  }

  @ParameterizedTest
  @CsvSource({"cancel, try", "compensate, action", "rollback, action"})
  void whatUndoesMarksWhatItUndoesFirst(String op, String undone) {
    var marks = Barrier.of("g", "saga", "01", op).nextMarks();

    assertThat(marks.undone()).contains(new BarrierMark("saga", "g", "01", undone, "01", op));
    assertThat(marks.own()).isEqualTo(new BarrierMark("saga", "g", "01", op, "01", op));
  }

  @Test
  void theCallsOfARequestAreNumberedInTwoDigits() {
    var barrier = Barrier.of("g", "saga", "01", "action");

    for (var call = 1; call < 10; call++) {
      assertThat(barrier.nextMarks().own().barrierId()).isEqualTo("0" + call);
    }
    assertThat(barrier.nextMarks().own().barrierId()).isEqualTo("10");
  }

  @Test
  void aRequestHasNinetyNineGuardedCallsAtMost() {
    var barrier = Barrier.of("g", "saga", "01", "action");
    for (var call = 0; call < 99; call++) {
      barrier.nextMarks();
    }

    assertThatThrownBy(barrier::nextMarks)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("saga g, branch 01, action: more than 99 guarded calls in one request");
  }

  @Test
  void whatTheTableWouldCutOffIsRefused() {
    assertThatThrownBy(() -> Barrier.of("g".repeat(129), "saga", "01", "action"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: 1 to 128 characters)");
    assertThatThrownBy(() -> Barrier.of("g", "saga", "01", "o".repeat(46)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("(expected: 1 to 45 characters)");
  }

  @Test
  void aTablesNameIsNothingElse() {
    assertThat(BarrierTable.of(SqlDialect.MYSQL).name()).isEqualTo("dtm_barrier.barrier");
    assertThatThrownBy(() -> new BarrierTable(SqlDialect.MYSQL, "barrier; DROP TABLE account"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "name: 'barrier; DROP TABLE account' (expected: a table such as dtm_barrier.barrier)");
  }
}
