package io.dtm.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.benchmarks.load.CallLedger.Verdict;
import org.junit.jupiter.api.Test;

class CallLedgerTest {
  private final CallLedger ledger = new CallLedger(Mode.TCC, "run-");

  @Test
  void isContentWhenEveryCallOfAnAcknowledgedFlowCameOnce() {
    long flow = begin("01 try", "02 try", "01 confirm", "02 confirm");

    ledger.acknowledge(flow);

    assertThat(ledger.judge(0, ledger.position())).isEqualTo(new Verdict(0, 0));
  }

  @Test
  void missesWhatAnAcknowledgedFlowHasNotCaused() {
    long flow = begin("01 try", "02 try");

    ledger.acknowledge(flow);

    assertThat(ledger.judge(0, ledger.position())).isEqualTo(new Verdict(2, 0));
  }

  @Test
  void expectsNothingOfAFlowThatWasNotAcknowledged() {
    begin("01 try");

    assertThat(ledger.judge(0, ledger.position())).isEqualTo(new Verdict(0, 0));
  }

  @Test
  void countsEveryRepetition() {
    begin("01 try", "01 try", "01 try");
    begin("02 confirm", "02 confirm");

    assertThat(ledger.judge(0, ledger.position())).isEqualTo(new Verdict(0, 3));
  }

  @Test
  void keepsCountsApartHoweverManyThereAre() {
    long flow = ledger.begin();
    for (int i = 0; i < 1_000; i++) {
      ledger.called(ledger.gid(flow), "01", "try");
    }

    ledger.acknowledge(flow);

    assertThat(ledger.judge(0, 1).missing()).isEqualTo(3);
  }

  @Test
  void judgesOnlyTheFlowsItIsAskedAbout() {
    begin("01 try", "01 try");
    long second = begin();

    assertThat(ledger.judge(second, ledger.position())).isEqualTo(new Verdict(0, 0));
  }

  @Test
  void tellsCallsThatBelongToNoFlow() {
    long flow = ledger.begin();

    ledger.called("another-1", "01", "try");
    ledger.called(ledger.gid(flow + 1), "01", "try");
    ledger.called(ledger.gid(flow), "03", "try");
    ledger.called(ledger.gid(flow), "01", "cancel");

    assertThat(ledger.strangeCalls()).isEqualTo(4);
    assertThat(ledger.strangeShown()).startsWith("another-1 01 try, run-1 01 try");
  }

  private long begin(String... calls) {
    long flow = ledger.begin();
    for (var call : calls) {
      var words = call.split(" ");
      ledger.called(ledger.gid(flow), words[0], words[1]);
    }
    return flow;
  }
}
