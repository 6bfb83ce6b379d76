package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.examples.bank.BankCall;
import io.dtm.examples.bank.BranchCall;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class QuickStartTimelineTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

  private Instant now = START;
  private final QuickStartTimeline timeline = new QuickStartTimeline(() -> now);

  @Test
  void ordersMessagesByTimeAndCountsFromTheFirst() {
    timeline.begin("g1");
    timeline.clientAsked("submit saga g1");
    timeline.bankCalled(call("g1", 12, 409, "frozen"));
    timeline.bankCalled(call("g1", 8, 200, "{}"));
    now = START.plusMillis(20);
    timeline.clientAnswered("failed: rolled back");

    assertThat(timeline.lines())
        .containsExactly(
            "     0 ms   you  -> dtm    submit saga g1",
            "     8 ms   dtm  -> bank   branch 01  action      TransOut            200",
            "    12 ms   dtm  -> bank   branch 01  action      TransOut            409 frozen",
            "    20 ms   dtm  -> you    failed: rolled back");
  }

  @Test
  void leavesOutOtherTransactionsAndEarlierOnes() {
    timeline.begin("g0");
    timeline.clientAsked("submit saga g0");
    timeline.begin("g1");
    timeline.bankCalled(call("g0", 1, 200, "{}"));

    assertThat(timeline.lines()).isEmpty();
  }

  @Test
  void staysWithinAHundredColumns() {
    timeline.begin("g1");
    timeline.bankCalled(call("g1", 1, 409, "no ".repeat(100)));

    assertThat(timeline.lines()).allMatch(line -> line.length() <= 100).hasSize(1);
  }

  private static BankCall call(String gid, long atMillis, int status, String answer) {
    return new BankCall(
        START.plusMillis(atMillis),
        "TransOut",
        new BranchCall(gid, "01", "action"),
        status,
        answer);
  }
}
