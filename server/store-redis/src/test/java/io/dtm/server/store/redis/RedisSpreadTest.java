package io.dtm.server.store.redis;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.databases.RedisCluster;
import io.dtm.testing.store.testkit.SettableClock;
import io.lettuce.core.cluster.SlotHash;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class RedisSpreadTest {
  @Test
  void groupsLieEvenlyOverTheSlots() {
    for (var group : SlotGroup.all()) {
      int slot = SlotHash.getSlot(group.tag().getBytes(US_ASCII));
      assertThat(slot / (SlotHash.SLOT_COUNT / 64)).isEqualTo(group.index());
    }
    assertThat(SlotGroup.all()).hasSize(64);
  }

  /** Whoever changes one of these loses what is stored. */
  @Test
  void groupsAndTheirTagsNeverChange() {
    assertThat(SlotGroup.all().getFirst().tag()).isEqualTo("10");
    assertThat(SlotGroup.all().getLast().tag()).isEqualTo("40");
    assertThat(SlotGroup.of(TextBytes.of("order-1")).index()).isEqualTo(47);
    assertThat(SlotGroup.of(TextBytes.of("東京🚀")).index()).isEqualTo(10);
  }

  @Test
  void everyNodeOfAClusterHasItsShare() {
    int count = 3_000;
    var prefix = TestStores.nextPrefix();
    try (var cluster = RedisCluster.start(3);
        var store =
            RedisTransactionStore.open(
                RedisStoreConfig.cluster(TestStores.addresses(cluster)).withPrefix(prefix),
                new SettableClock())) {
      var creates = new ArrayList<WriteCommand>();
      for (int i = 0; i < count; i++) {
        creates.add(new WriteCommand.Create(aSaga("order-" + i).step("debit").build()));
      }

      var outcomes = store.apply(creates);

      assertThat(outcomes).hasSize(count).containsOnly(new WriteOutcome.Applied());
      var seen = new HashSet<String>();
      for (var address : TestStores.addresses(cluster)) {
        var keys = TestStores.ask(address, redis -> redis.keys(prefix + "*:t:*"));
        assertThat(keys).hasSizeBetween(count * 25 / 100, count * 42 / 100);
        seen.addAll(keys);
      }
      assertThat(seen).hasSize(count);
    }
  }
}
