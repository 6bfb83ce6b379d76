package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.testing.store.testkit.SettableClock;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damaged rows hold up no others. */
final class UnreadableRowTest {
  private final SettableClock clock = new SettableClock();

  @ParameterizedTest
  @EnumSource
  void scansPassItOverAndFindSaysWhichItIs(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      create(store, "damaged", Duration.ofSeconds(-2));
      create(store, "sound", Duration.ofSeconds(-1));
      damage(url, "'damaged'");

      assertThat(claimed(store)).containsExactly("sound");
      assertThat(store.list(TransactionFilter.all(), "", 10).transactions())
          .extracting(t -> t.gid().value())
          .containsExactly("sound");
      assertThatThrownBy(() -> store.find(new Gid("damaged")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("damaged");
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyOfThemDoNotKeepTheOthersFromBeingFound(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      store.apply(
          IntStream.range(0, 150)
              .<WriteCommand>mapToObj(i ->
                  new WriteCommand.Create(
                      aSaga("damaged-" + i).dueAt(clock.instant().minusSeconds(2)).build()))
              .toList());
      create(store, "sound", Duration.ofSeconds(-1));
      damage(url, "SELECT gid FROM (SELECT gid FROM dtm_transaction) a WHERE gid <> 'sound'");

      assertThat(claimed(store)).containsExactly("sound");
    }
  }

  @ParameterizedTest
  @EnumSource
  void itIsLookedAtNowAndThenOnly(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      create(store, "damaged", Duration.ofSeconds(-2));
      damage(url, "'damaged'");

      assertThat(store.claimDue("node", Duration.ofMinutes(1), 10).nextDueAt())
          .isAfter(clock.instant());
    }
  }

  /** Its record could be read, but no update would ever find the row. */
  @ParameterizedTest
  @EnumSource
  void aRowWhoseColumnsWereChangedByHandHoldsUpNoOther(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      create(store, "other-version", Duration.ofSeconds(-3));
      create(store, "other-creation", Duration.ofSeconds(-2));
      create(store, "sound", Duration.ofSeconds(-1));
      set(url, "version = version + 7", "'other-version'");
      set(url, "created_at = created_at + 1", "'other-creation'");

      assertThat(claimed(store)).containsExactly("sound");
      assertThatThrownBy(() -> store.find(new Gid("other-version")))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("other-version")
          .hasMessageContaining("version");
    }
  }

  /** What no client could have sent was put there by hand. */
  @ParameterizedTest
  @EnumSource
  void aRowWithAGidThatIsNoneHoldsUpNoOther(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      var gids = Map.of("space", "'space '", "line", "'li\nne'", "empty", "''");
      gids.keySet().forEach(gid -> create(store, gid, Duration.ofSeconds(-2)));
      create(store, "sound", Duration.ofSeconds(-1));
      for (var gid : gids.entrySet()) {
        set(url, "gid = " + gid.getValue(), "'" + gid.getKey() + "'");
      }

      var due = store.claimDue("node", Duration.ofMinutes(1), 1);

      assertThat(due.claimed()).extracting(t -> t.gid().value()).containsExactly("sound");
      assertThat(due.nextDueAt()).as("nobody looks again and again").isAfter(clock.instant());
      assertThat(listed(store, TransactionFilter.all())).containsExactly("sound");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aParkedRowWithAGidThatIsNoneHidesNoOther(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url), clock)) {
      for (var gid : List.of("line", "sound", "space")) {
        var parked = aSaga(gid).parked("gave up", "a:1", clock.instant()).build();
        store.apply(List.of(new WriteCommand.Create(parked)));
      }
      set(url, "gid = 'li\nne'", "'line'");
      set(url, "gid = 'space '", "'space'");

      assertThat(listed(store, TransactionFilter.allParked())).containsExactly("sound");
      assertThat(store.makeDue(Duration.ZERO, 10).count()).isEqualTo(1);
    }
  }

  /** Page by page, one row each, so that pages end at every row. */
  private static List<String> listed(TransactionStore store, TransactionFilter filter) {
    var gids = new ArrayList<String>();
    var position = "";
    do {
      var page = store.list(filter, position, 1);
      page.transactions().forEach(t -> gids.add(t.gid().value()));
      position = page.nextPosition();
    } while (!position.isEmpty());
    return gids;
  }

  private void create(TransactionStore store, String gid, Duration due) {
    var saga = aSaga(gid).dueAt(clock.instant().plus(due)).build();
    store.apply(List.of(new WriteCommand.Create(saga)));
  }

  private static List<String> claimed(TransactionStore store) {
    return store.claimDue("node", Duration.ofMinutes(1), 200).claimed().stream()
        .map(t -> t.gid().value())
        .toList();
  }

  private static void damage(String url, String gids) throws SQLException {
    set(url, "progress = 'x'", gids);
  }

  private static void set(String url, String columns, String gids) throws SQLException {
    TestDatabase.execute(
        url, "UPDATE dtm_transaction SET %s WHERE gid IN (%s)".formatted(columns, gids));
  }
}
