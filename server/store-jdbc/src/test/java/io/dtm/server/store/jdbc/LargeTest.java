package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many rows, and large ones. */
final class LargeTest {
  private static final int MEBIBYTE = 1 << 20;

  private final SettableClock clock = new SettableClock();

  private JdbcTransactionStore open(TestDatabase kind) {
    return JdbcTransactionStore.open(TestDatabase.config(kind.newDatabase()), clock);
  }

  @ParameterizedTest
  @EnumSource
  void oneBatchMayHoldManyCommandsOfEveryShape(TestDatabase kind) {
    try (var store = open(kind)) {
      var created =
          IntStream.range(0, 300).mapToObj(i -> aSaga("saga-" + i).step("debit").build()).toList();
      assertAllApplied(store, created.stream().map(WriteCommand.Create::new).toList());

      var changed = created.stream().map(this::changed).toList();
      var commands = new ArrayList<WriteCommand>();
      for (int i = 0; i < created.size(); i++) {
        commands.add(new WriteCommand.Update(created.get(i), changed.get(i)));
        commands.add(new WriteCommand.Create(aSaga("later-" + i).build()));
      }
      assertAllApplied(store, commands);

      assertThat(changed).allSatisfy(saga -> assertThat(store.find(saga.gid())).contains(saga));
      assertThat(store.find(new Gid("later-299"))).isPresent();
    }
  }

  private GlobalTransaction changed(GlobalTransaction saga) {
    var changed =
        switch (saga.gid().value().hashCode() % 3) {
          case 0 -> saga.withAppended(aSaga("a").step("more").build().branches());
          case 1, -1 -> saga.withDefinition(aSaga(saga.gid().value()).build().definition());
          default -> saga.withResult("done");
        };
    return changed.nextVersion(clock.instant());
  }

  private static void assertAllApplied(
      JdbcTransactionStore store, List<? extends WriteCommand> commands) {
    assertThat(store.apply(List.copyOf(commands)))
        .hasSize(commands.size())
        .containsOnly(new WriteOutcome.Applied());
  }

  /** Statements are prepared once: what their first values were like must not limit the next. */
  @ParameterizedTest
  @EnumSource
  void rowsOfVeryDifferentSizesShareAStatement(TestDatabase kind) {
    var one = TestDatabase.config(kind.newDatabase()).withConnections(1, 1, Duration.ofMinutes(5));
    try (var store = JdbcTransactionStore.open(one, clock)) {
      List<GlobalTransaction> stored =
          IntStream.range(0, 8).mapToObj(i -> aSaga("s".repeat(i * 18 + 1)).build()).toList();
      assertAllApplied(store, stored.stream().map(WriteCommand.Create::new).toList());

      for (int round = 0; round < 12; round++) {
        var next = new ArrayList<GlobalTransaction>();
        for (int i = 0; i < stored.size(); i++) {
          var result = "r".repeat(i == round % 8 ? 70_000 * (round + 1) : i);
          var more = aSaga("a").payload(Payload.ofText(result)).step("more").build().branches();
          next.add(
              stored.get(i).withResult(result).withAppended(more).nextVersion(clock.instant()));
        }
        var updates = new ArrayList<WriteCommand>();
        for (int i = 0; i < stored.size(); i++) {
          updates.add(new WriteCommand.Update(stored.get(i), next.get(i)));
        }
        assertAllApplied(store, updates);
        stored = next;
      }

      assertThat(stored).allSatisfy(saga -> assertThat(store.find(saga.gid())).contains(saga));
    }
  }

  @ParameterizedTest
  @EnumSource
  void scansEndEarlyWherePayloadsAreLarge(TestDatabase kind) {
    int count = 40;
    try (var store = open(kind)) {
      for (int i = 0; i < count; i++) {
        var saga =
            aSaga("saga-" + i)
                .payload(Payload.of(new byte[MEBIBYTE / 2]))
                .step("debit")
                .dueAt(clock.instant())
                .build();
        assertAllApplied(store, List.of(new WriteCommand.Create(saga)));
      }

      var page = store.list(TransactionFilter.all(), "", count);
      assertThat(page.transactions()).hasSizeBetween(16, 33);
      var listed = new HashSet<>(page.transactions());
      while (!page.nextPosition().isEmpty()) {
        page = store.list(TransactionFilter.all(), page.nextPosition(), count);
        listed.addAll(page.transactions());
      }
      assertThat(listed).hasSize(count);

      var first = store.claimDue("node", Duration.ofMinutes(1), count);
      assertThat(first.claimed()).hasSizeBetween(16, 33);
      assertThat(first.nextDueAt()).isBeforeOrEqualTo(clock.instant());
      int claimed = first.claimed().size();
      while (claimed < count) {
        var more = store.claimDue("node", Duration.ofMinutes(1), count).claimed();
        assertThat(more).isNotEmpty();
        claimed += more.size();
      }
      assertThat(claimed).isEqualTo(count);
    }
  }

  @ParameterizedTest
  @EnumSource
  void gidsThatLookAlikeAreDifferent(TestDatabase kind) {
    try (var store = open(kind)) {
      var alike =
          List.of("a", " a", "a a", "a  a", "A", "á", "a\u0301", "ａ", "ß", "ss").stream()
              .map(gid -> aSaga(gid).step(gid.strip()).build())
              .toList();

      assertAllApplied(store, alike.stream().map(WriteCommand.Create::new).toList());
      var changed = alike.stream().map(saga -> saga.nextVersion(clock.instant())).toList();
      var updates = new ArrayList<WriteCommand>();
      for (int i = 0; i < alike.size(); i++) {
        updates.add(new WriteCommand.Update(alike.get(i), changed.get(i)));
      }
      assertAllApplied(store, updates);

      assertThat(changed).allSatisfy(saga -> assertThat(store.find(saga.gid())).contains(saga));
      assertThat(store.list(TransactionFilter.all(), "", 20).transactions())
          .containsExactlyInAnyOrderElementsOf(changed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLongestGidFits(TestDatabase kind) {
    try (var store = open(kind)) {
      var wide = aSaga("東".repeat(Gid.LENGTH_MAX)).build();
      var pairs = aSaga("🚀".repeat(Gid.LENGTH_MAX / 2)).build();

      assertAllApplied(
          store, List.of(new WriteCommand.Create(wide), new WriteCommand.Create(pairs)));

      assertThat(store.find(wide.gid())).contains(wide);
      assertThat(store.find(pairs.gid())).contains(pairs);
    }
  }
}
