package io.dtm.testing.faults;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.faults.Disturbances.Kind;
import java.time.Duration;
import java.util.Map;

/**
 * What one run of {@link Torture} does.
 *
 * @param nodes servers that share the store; one where it is a folder
 * @param clients at work at the same time
 * @param pause of each client between two flows
 * @param transactions at least so many are acknowledged, without end if there are more disturbances
 * @param disturbances of each kind so many
 */
record TorturePlan(
    StoreKind store,
    int nodes,
    int clients,
    Duration pause,
    int transactions,
    Map<Kind, Integer> disturbances,
    long seed) {
  TorturePlan {
    disturbances = Map.copyOf(disturbances);
    if (nodes < 1 || clients < 1 || transactions < 0) {
      throw new IllegalArgumentException(
          "nodes %d, clients %d, transactions %d (expected: at least 1, 1 and 0)"
              .formatted(nodes, clients, transactions));
    }
    if (store == StoreKind.ROCKSDB && nodes > 1) {
      throw new IllegalArgumentException("nodes: %d (expected: 1 on a folder)".formatted(nodes));
    }
  }

  int count(Kind kind) {
    return disturbances.getOrDefault(kind, 0);
  }
}
