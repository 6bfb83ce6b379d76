package io.dtm.server.store.mongo;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are gone, mute or back again, and a store that is closed. */
@Timeout(60)
final class MongoOutageTest {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final WriteCommand.Create CREATION =
      new WriteCommand.Create(aSaga("a").step("debit").build());
  private static final WriteOutcome APPLIED = new WriteOutcome.Applied();

  private final LocalServer server = LocalServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  private static MongoTransactionStore open(MongoStoreConfig config) {
    return MongoTransactionStore.open(config.withTimeouts(PATIENCE, PATIENCE), new SettableClock());
  }

  private static List<WriteOutcome> create(MongoTransactionStore store) {
    return store.apply(List.of(CREATION));
  }

  /** The driver looks for the server twice a second, and a request waits as long. */
  private static List<WriteOutcome> createOnceItIsBack(MongoTransactionStore store) {
    for (int attempt = 1; ; attempt++) {
      try {
        return create(store);
      } catch (StoreUnavailable e) {
        if (attempt == 40) {
          throw e;
        }
      }
    }
  }

  @Test
  void aServerThatIsGoneIsUnavailableUntilItIsBack() {
    try (var store = open(server.config())) {
      assertThat(create(store)).containsExactly(APPLIED);
      server.close();

      long start = System.nanoTime();
      assertThatThrownBy(() -> create(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageStartingWith("MongoDB at 127.0.0.1:%d, database dtm: ", server.port());
      assertThatThrownBy(() -> store.find(new Gid("a")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("no connection to a server that takes writes within PT0.5S");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE.multipliedBy(30));

      server.restart();
      assertThat(createOnceItIsBack(store)).containsExactly(APPLIED);
    }
  }

  @Test
  void openingWithoutAServerIsUnavailable() {
    server.close();

    assertThatThrownBy(() -> open(server.config()))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no connection to a server that takes writes within PT0.5S");
  }

  @Test
  void aWriteWithoutAnAnswerMayHaveHappened() throws Exception {
    try (var relay = new Relay(server.port());
        var store = open(MongoStoreConfig.defaults("mongodb://127.0.0.1:" + relay.port()))) {
      assertThat(store.list(TransactionFilter.all(), "", 1).transactions()).isEmpty();
      relay.mute(true);

      assertThatThrownBy(() -> create(store))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("no answer within PT0.5S; what was asked for may have happened");

      relay.mute(false);
      assertThat(createOnceItIsBack(store))
          .containsExactly(new WriteOutcome.Conflict(CREATION.transaction()));
    }
  }

  @Test
  void aStoreThatIsClosedIsUnavailable() {
    var store = open(server.config());
    store.close();
    store.close();

    assertThatThrownBy(() -> create(store))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageEndingWith("the store is closed");
  }

  @Test
  void aThreadThatIsInterruptedStaysSo() {
    try (var store = open(server.config())) {
      server.close();
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> create(store)).isInstanceOf(StoreUnavailable.class);

      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
