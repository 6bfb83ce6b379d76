package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SagaOrdersTest {

  @Test
  void acceptsStepsThatWaitForOthers() {
    assertThat(SagaOrders.flaw(Map.of(2, List.of(0, 1)), 3, true)).isEmpty();
    assertThat(SagaOrders.flaw(Map.of(2, List.of(0)), 3, false)).isEmpty();
    assertThat(SagaOrders.flaw(Map.of(), 0, true)).isEmpty();
  }

  @Test
  void namesTheCycle() {
    var orders = Map.of(0, List.of(3), 3, List.of(1, 2), 2, List.of(0));

    assertThat(SagaOrders.flaw(orders, 4, true).orElseThrow().value())
        .isIn(
            "cycle 0 after 3 after 2 after 0",
            "cycle 3 after 2 after 0 after 3",
            "cycle 2 after 0 after 3 after 2");
    assertThat(SagaOrders.flaw(Map.of(1, List.of(1)), 2, true).orElseThrow().value())
        .isEqualTo("cycle 1 after 1");
  }

  @Test
  void namesAStepThatIsNotThere() {
    assertThat(SagaOrders.flaw(Map.of(1, List.of(5)), 2, true))
        .contains(new SagaOrders.Flaw("step 5", "0 to 1"));
    assertThat(SagaOrders.flaw(Map.of(-1, List.of()), 2, true))
        .contains(new SagaOrders.Flaw("step -1", "0 to 1"));
  }

  @Test
  void refusesToWaitForALaterStepInASequence() {
    assertThat(SagaOrders.flaw(Map.of(0, List.of(1)), 2, false))
        .contains(
            new SagaOrders.Flaw(
                "step 0 waits for step 1", "an earlier step, unless concurrent is true"));
  }

  @Test
  void walksAChainOfAnyLength() {
    var orders = new HashMap<Integer, List<Integer>>();
    for (int step = 1; step < 10_000; step++) {
      orders.put(step, List.of(step - 1));
    }

    assertThat(SagaOrders.flaw(orders, 10_000, true)).isEmpty();
  }

  @Test
  void leavesOutRepetitionsAndStepsThatWaitForNone() {
    assertThat(SagaOrders.normalized(Map.of(1, List.of(0, 0), 2, List.of())))
        .isEqualTo(Map.of(1, List.of(0)));
  }
}
