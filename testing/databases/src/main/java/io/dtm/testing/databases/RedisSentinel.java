package io.dtm.testing.databases;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A Redis master and its replica, watched by three sentinels, two of which suffice to replace a
 * master that was silent for a second.
 */
public final class RedisSentinel implements AutoCloseable {
  private static final String MASTER_NAME = "dtm";
  private static final int SENTINELS = 3;
  private static final int QUORUM = 2;
  private static final Duration FORM_LIMIT = Duration.ofSeconds(60);

  private final List<RedisServer> servers = new ArrayList<>();

  private RedisSentinel() {}

  public static boolean isInstalled() {
    return RedisServer.isInstalled();
  }

  /** Returns when the replica follows and all sentinels know it and each other. */
  public static RedisSentinel start() {
    var group = new RedisSentinel();
    try {
      group.form();
      return group;
    } catch (RuntimeException failure) {
      group.close();
      throw failure;
    }
  }

  private void form() {
    servers.add(RedisServer.start());
    servers.add(RedisServer.start());
    var unused = replica().query("REPLICAOF", master().host(), Integer.toString(master().port()));
    unused = replica().query("CONFIG", "REWRITE");
    expect("the replica does not follow", this::replicaFollows);
    for (var i = 0; i < SENTINELS; i++) {
      servers.add(RedisServer.startSentinel(configuration()));
    }
    expect("the sentinels do not know each other", this::sentinelsAgree);
  }

  private List<String> configuration() {
    return List.of(
        "sentinel monitor %s %s %d %d"
            .formatted(MASTER_NAME, master().host(), master().port(), QUORUM),
        "sentinel down-after-milliseconds %s 1000".formatted(MASTER_NAME),
        "sentinel failover-timeout %s 5000".formatted(MASTER_NAME));
  }

  private static void expect(String otherwise, BooleanSupplier condition) {
    if (!Deadline.await(FORM_LIMIT, condition)) {
      throw new IllegalStateException("%s within %s".formatted(otherwise, FORM_LIMIT));
    }
  }

  private boolean replicaFollows() {
    return replica().query("INFO", "replication").lines().anyMatch("master_link_status:up"::equals);
  }

  private boolean sentinelsAgree() {
    var known =
        "status=ok,address=%s,slaves=1,sentinels=%d".formatted(master().address(), SENTINELS);
    return watchers().stream().allMatch(sentinel -> sentinel.query("INFO").contains(known));
  }

  private List<RedisServer> watchers() {
    return servers.subList(2, servers.size());
  }

  /** Each as {@code host:port}. */
  public List<String> sentinels() {
    return watchers().stream().map(RedisServer::address).toList();
  }

  /** The name under which the sentinels know the master. */
  public String masterName() {
    return MASTER_NAME;
  }

  /** The server that began as the master, whatever the sentinels made of it since. */
  public RedisServer master() {
    return servers.get(0);
  }

  /** The server that began as the replica, whatever the sentinels made of it since. */
  public RedisServer replica() {
    return servers.get(1);
  }

  @Override
  public void close() {
    servers.forEach(RedisServer::close);
  }
}
