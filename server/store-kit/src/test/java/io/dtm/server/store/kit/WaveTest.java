package io.dtm.server.store.kit;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.WriteCommand;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WaveTest {

  private static WriteCommand.Create create(String gid) {
    return new WriteCommand.Create(aSaga(gid).build());
  }

  private static WriteCommand.Update update(String gid) {
    var before = aSaga(gid).build();
    return new WriteCommand.Update(before, before.nextVersion(Instant.EPOCH));
  }

  private static List<Integer> creates(Wave wave) {
    return wave.creates().stream().map(Wave.Place::index).toList();
  }

  private static List<Integer> updates(Wave wave) {
    return wave.updates().stream().map(Wave.Place::index).toList();
  }

  @Test
  void commandsOnDifferentTransactionsAreOneWaveOrderedByGid() {
    var waves = Wave.of(List.of(create("c"), update("b"), create("a"), update("d")));

    assertThat(waves).hasSize(1);
    assertThat(creates(waves.getFirst())).containsExactly(2, 0);
    assertThat(updates(waves.getFirst())).containsExactly(1, 3);
  }

  @Test
  void laterCommandsOnOneTransactionAreInLaterWaves() {
    var waves = Wave.of(List.of(create("a"), create("b"), update("a"), create("a"), update("b")));

    assertThat(waves).hasSize(3);
    assertThat(creates(waves.get(0))).containsExactly(0, 1);
    assertThat(updates(waves.get(1))).containsExactly(2, 4);
    assertThat(creates(waves.get(2))).containsExactly(3);
    assertThat(updates(waves.get(2))).isEmpty();
  }

  @Test
  void anEmptyBatchHasNoWaves() {
    assertThat(Wave.of(List.of())).isEmpty();
  }
}
