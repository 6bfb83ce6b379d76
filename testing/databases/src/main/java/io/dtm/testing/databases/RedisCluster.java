package io.dtm.testing.databases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Redis masters that share all slots among them evenly; no replicas. */
public final class RedisCluster implements AutoCloseable {
  private static final int MASTERS = 3;
  private static final int SLOTS = 16_384;
  private static final Duration FORM_LIMIT = Duration.ofSeconds(60);
  private static final List<String> CONFIGURATION = List.of("cluster-node-timeout 5000");

  private final List<RedisServer> nodes = new ArrayList<>();

  private RedisCluster() {}

  public static boolean isInstalled() {
    return RedisServer.isInstalled();
  }

  public static RedisCluster start() {
    return start(MASTERS);
  }

  /** Returns when every node says that the cluster is well. */
  public static RedisCluster start(int masters) {
    if (masters < 1 || masters > SLOTS) {
      throw new IllegalArgumentException(
          "masters: %d (expected: 1 to %d)".formatted(masters, SLOTS));
    }
    var cluster = new RedisCluster();
    try {
      cluster.form(masters);
      return cluster;
    } catch (RuntimeException failure) {
      cluster.close();
      throw failure;
    }
  }

  private void form(int masters) {
    for (var i = 0; i < masters; i++) {
      var node = RedisServer.startInCluster(CONFIGURATION);
      nodes.add(node);
      var first = Integer.toString(SLOTS * i / masters);
      var last = Integer.toString(SLOTS * (i + 1) / masters - 1);
      var unused = node.query("CLUSTER", "ADDSLOTSRANGE", first, last);
      // Each its own, or the nodes would first have to settle who is the newer.
      unused = node.query("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
      unused =
          node.query(
              "CLUSTER",
              "MEET",
              node(0).host(),
              Integer.toString(node(0).port()),
              Integer.toString(node(0).clusterPort()));
    }
    if (!Deadline.await(FORM_LIMIT, () -> nodes.stream().allMatch(this::isWell))) {
      throw new IllegalStateException(
          "%s: not formed within %s; the first node says:\n%s"
              .formatted(nodes(), FORM_LIMIT, node(0).query("CLUSTER", "INFO")));
    }
  }

  private boolean isWell(RedisServer node) {
    var info = node.query("CLUSTER", "INFO").lines().toList();
    return info.contains("cluster_state:ok")
        && info.contains("cluster_known_nodes:" + nodes.size());
  }

  /** Each as {@code host:port}. */
  public List<String> nodes() {
    return nodes.stream().map(RedisServer::address).toList();
  }

  /** One master; started again, it answers at once and serves its slots some two seconds later. */
  public RedisServer node(int index) {
    return nodes.get(index);
  }

  @Override
  public void close() {
    nodes.forEach(RedisServer::close);
  }
}
