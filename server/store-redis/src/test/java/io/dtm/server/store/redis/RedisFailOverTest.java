package io.dtm.server.store.redis;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.databases.RedisCluster;
import io.dtm.testing.databases.RedisSentinel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that end while others go on. */
final class RedisFailOverTest {
  private static RedisStoreConfig config(RedisSentinel sentinel) {
    return RedisStoreConfig.sentinel(
            sentinel.sentinels().stream().map(address -> "redis://" + address).toList(),
            sentinel.masterName())
        .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2));
  }

  private static WriteOutcome create(RedisTransactionStore store, String gid) {
    return store.apply(List.of(new WriteCommand.Create(aSaga(gid).build()))).getFirst();
  }

  @Test
  void goesOnWithTheReplicaWhenTheMasterDies() {
    try (var sentinel = RedisSentinel.start();
        var store =
            RedisTransactionStore.open(config(sentinel).withReplicas(1, Duration.ofSeconds(1)));
        var withoutReplicas = RedisTransactionStore.open(config(sentinel))) {
      assertThat(create(store, "before")).isEqualTo(new WriteOutcome.Applied());

      sentinel.master().kill();

      assertThatThrownBy(() -> create(store, "meanwhile"))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("#" + sentinel.masterName());
      int failures = TestStores.untilAvailable(() -> create(withoutReplicas, "after"));
      assertThat(failures).isPositive();
      assertThat(withoutReplicas.find(new Gid("before"))).isPresent();
      assertThat(withoutReplicas.find(new Gid("after"))).isPresent();

      TestStores.untilAvailable(() -> store.find(new Gid("before")));
      assertThatThrownBy(() -> create(store, "alone"))
          .isInstanceOf(StoreUnavailable.class)
          .hasMessageContaining("0 replicas have the write (expected: 1 within PT1S)");
    }
  }

  @Test
  void goesOnWithANodeOfAClusterThatCameBack() {
    try (var cluster = RedisCluster.start(3);
        var store =
            RedisTransactionStore.open(RedisStoreConfig.cluster(TestStores.addresses(cluster)))) {
      var batch = new ArrayList<WriteCommand>();
      for (int i = 0; i < 100; i++) {
        batch.add(new WriteCommand.Create(aSaga("saga-" + i).build()));
      }
      assertThat(store.apply(batch)).hasSize(100).containsOnly(new WriteOutcome.Applied());

      cluster.node(1).kill();

      assertThatThrownBy(() -> store.apply(batch)).isInstanceOf(StoreUnavailable.class);
      cluster.node(1).startAgain();
      TestStores.untilAvailable(() -> store.apply(batch));
      var due = store.claimDue("node-1", Duration.ofSeconds(1), 200);
      assertThat(due.claimed()).hasSize(100);
    }
  }
}
