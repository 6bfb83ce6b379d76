package io.dtm.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.Gid;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the engine does when as many bytes are in work as may be. */
class EngineRoomTest extends EngineFixture {
  private final ByteBudget bytes = new ByteBudget(256 * 1024);
  private final Engine narrow = startEngine("node-narrow", time, CONFIG, bytes);

  private CommandOutcome submitNarrow(String gid) {
    return narrow
        .coordinator()
        .submit(Sagas.request(gid, WAITED, Sagas.step("debit"), Sagas.step("credit")));
  }

  @Test
  void aSubmitWithoutRoomIsOverloadedAndStoresNothing() {
    var halves = List.of(bytes.open(), bytes.open());
    halves.forEach(half -> half.force(128 * 1024));

    var refused = submitNarrow("g1");
    halves.forEach(ByteBudget.Share::close);

    assertThat(refused).isInstanceOf(CommandOutcome.Overloaded.class);
    assertThat(store.find(new Gid("g1"))).isEmpty();
    assertThat(submitNarrow("g1")).isInstanceOf(CommandOutcome.PassEnded.class);
    assertThat(bytes.taken()).isZero();
  }

  @Test
  void aCommandOnAStoredTransactionWithoutRoomIsOverloadedAndChangesNothing() {
    submitNarrow("g1");
    var before = stored("g1");
    var halves = List.of(bytes.open(), bytes.open());
    halves.forEach(half -> half.force(128 * 1024));

    var outcomes =
        List.of(
            narrow.coordinator().forceStop(new Gid("g1")),
            narrow.coordinator().retryNow(new Gid("g1")),
            narrow.coordinator().abort(new Gid("g1"), TransactionMode.TCC, ""));
    halves.forEach(ByteBudget.Share::close);

    assertThat(outcomes).allMatch(CommandOutcome.Overloaded.class::isInstance);
    assertThat(stored("g1")).isEqualTo(before);
  }

  @Test
  void whatFellDueStaysInTheStoreUntilThereIsRoom() throws Exception {
    var places = new RunQueue(1, 8, bytes);
    var share = bytes.open();
    share.force(128 * 1024);

    var takenThen = new AtomicLong(-1);
    var waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                places.reserveForRetries(8);
                takenThen.set(bytes.taken());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    share.close();

    assertThat(waiting.join(Duration.ofSeconds(10))).isTrue();
    assertThat(takenThen).hasValue(0);
  }

  @Test
  void whatWasClaimedCountsWhateverItsSize() {
    submitNarrow("g1");
    var places = new RunQueue(1, 8, bytes);

    var place = places.retryPlace(stored("g1"));
    long taken = bytes.taken();
    place.close();

    assertThat(taken).isEqualTo(Weights.of(stored("g1"))).isPositive();
    assertThat(bytes.taken()).isZero();
  }
}
