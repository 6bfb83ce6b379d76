package io.dtm.server.transfer;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Reads the keys of a prefix: the sorted set of what is unfinished, and the texts and lists that
 * belong to its members.
 */
final class ReferenceRedisStore implements ReferenceStore {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PREFIX = "prefix";
  private static final int SCAN_COUNT = 1_000;

  private final ReferenceUrl url;
  private final AbstractRedisClient client;
  private final StatefulConnection<String, String> connection;
  private final RedisClusterCommands<String, String> redis;
  private final ReferenceKeys keys;

  private ReferenceRedisStore(
      ReferenceUrl url,
      AbstractRedisClient client,
      StatefulConnection<String, String> connection,
      RedisClusterCommands<String, String> redis) {
    this.url = url;
    this.client = client;
    this.connection = connection;
    this.redis = redis;
    this.keys = new ReferenceKeys(url.parameters().getOrDefault(PREFIX, ReferenceKeys.USUAL));
  }

  static ReferenceRedisStore open(ReferenceUrl url) {
    requireKnownParameters(url);
    var nodes = url.hosts().stream().map(host -> uri(url, host)).toList();
    return nodes.size() > 1 ? ofCluster(url, nodes) : ofOne(url, nodes.getFirst());
  }

  private static ReferenceRedisStore ofCluster(ReferenceUrl url, List<RedisURI> nodes) {
    var client = RedisClusterClient.create(nodes);
    var connection = connect(url, client, client::connect);
    return new ReferenceRedisStore(url, client, connection, connection.sync());
  }

  private static ReferenceRedisStore ofOne(ReferenceUrl url, RedisURI node) {
    var client = RedisClient.create(node);
    var connection = connect(url, client, client::connect);
    return new ReferenceRedisStore(url, client, connection, connection.sync());
  }

  private static <C> C connect(
      ReferenceUrl url, AbstractRedisClient client, Supplier<C> connection) {
    try {
      return connection.get();
    } catch (RedisException e) {
      stop(client);
      throw unreadable(url, e);
    }
  }

  private static void requireKnownParameters(ReferenceUrl url) {
    for (var name : url.parameters().keySet()) {
      if (!name.equals(PREFIX)) {
        throw new IllegalArgumentException(
            "parameter: %s (expected: none but %s)".formatted(name, PREFIX));
      }
    }
  }

  private static RedisURI uri(ReferenceUrl url, ReferenceUrl.Host host) {
    var uri =
        RedisURI.builder()
            .withHost(host.name())
            .withPort(host.port())
            .withSsl(url.kind() == ReferenceUrl.Kind.REDIS_TLS)
            .withDatabase(database(url))
            .withTimeout(TIMEOUT);
    if (!url.user().isEmpty()) {
      uri.withAuthentication(url.user(), url.password().toCharArray());
    } else if (!url.password().isEmpty()) {
      uri.withPassword(url.password().toCharArray());
    }
    return uri.build();
  }

  private static int database(ReferenceUrl url) {
    try {
      return Integer.parseUnsignedInt(url.database());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "database: %s (expected: a number)".formatted(url.database()), e);
    }
  }

  @Override
  public String describe() {
    return "%s (prefix %s)".formatted(url, keys.prefix());
  }

  @Override
  public Counts counts() {
    return read(() -> {
      long branches = 0;
      var gids = redis.zrange(keys.unfinished(), 0, -1);
      for (var gid : gids) {
        branches += countBranches(gid);
      }
      return new Counts(gids.size(), branches, topicKeys().size());
    });
  }

  /** None when the key is no list. */
  private int countBranches(String gid) {
    try {
      return Math.toIntExact(redis.llen(keys.branches(gid)));
    } catch (RedisCommandExecutionException e) {
      requireOfAnotherKind(e);
      return 0;
    }
  }

  /** Everything else, such as a server that is loading, is no matter of one key. */
  private static void requireOfAnotherKind(RedisCommandExecutionException e) {
    if (!String.valueOf(e.getMessage()).startsWith("WRONGTYPE")) {
      throw e;
    }
  }

  /** A reference that works moves the due times. */
  @Override
  public String mark() {
    return read(() -> {
      long hash = 0;
      var members = redis.zrangeWithScores(keys.unfinished(), 0, -1);
      for (var member : members) {
        hash = 31 * hash + member.hashCode();
      }
      return members.size() + " " + hash;
    });
  }

  /** By rank; nobody moves a member while the reference stands still. */
  @Override
  public Page list(String position, int limit) {
    return read(() -> {
      long first = position.isEmpty() ? 0 : Long.parseLong(position);
      var members = redis.zrangeWithScores(keys.unfinished(), first, first + limit - 1);
      var rows = members.stream().map(this::row).toList();
      return new Page(rows, rows.size() < limit ? "" : Long.toString(first + limit));
    });
  }

  /** A key that is of another kind concerns one transaction, not the import. */
  private Row row(ScoredValue<String> member) {
    try {
      return readRow(member);
    } catch (RedisCommandExecutionException e) {
      requireOfAnotherKind(e);
      var gid = member.getValue();
      return new Row.Damaged(gid, countBranches(gid), String.valueOf(e.getMessage()));
    }
  }

  private Row readRow(ScoredValue<String> member) {
    var gid = member.getValue();
    var global = redis.get(keys.global(gid));
    var branches = redis.lrange(keys.branches(gid), 0, -1);
    if (global == null) {
      return new Row.Damaged(
          gid,
          branches.size(),
          "its record is gone (the reference lets records end with its DataExpire)");
    }
    try {
      var status = redis.get(keys.status(gid));
      return new Row.Found(
          ReferenceDocuments.transaction(
              gid, global, status == null ? "" : status, member.getScore(), branches));
    } catch (IllegalArgumentException e) {
      return new Row.Damaged(gid, branches.size(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public List<ReferenceTopic> topics() {
    return read(() -> {
      var topics = new ArrayList<ReferenceTopic>();
      for (var key : topicKeys()) {
        var entry = redis.get(key);
        topics.add(new ReferenceTopic(keys.topic(key), subscribers(entry == null ? "" : entry)));
      }
      return topics;
    });
  }

  /** What cannot be read is no list either, and is told from one when the topic is imported. */
  private static String subscribers(String entry) {
    try {
      return ReferenceDocuments.subscribers(entry);
    } catch (IllegalArgumentException unused) {
      return entry;
    }
  }

  private Set<String> topicKeys() {
    var found = new TreeSet<String>();
    var matching = ScanArgs.Builder.matches(keys.topicsPattern()).limit(SCAN_COUNT);
    KeyScanCursor<String> page = redis.scan(matching);
    found.addAll(page.getKeys());
    while (!page.isFinished()) {
      page = redis.scan(page, matching);
      found.addAll(page.getKeys());
    }
    return found;
  }

  private <T> T read(Supplier<T> work) {
    try {
      return work.get();
    } catch (RedisException e) {
      throw unreadable(url, e);
    }
  }

  private static ReferenceUnreadable unreadable(ReferenceUrl url, RedisException e) {
    var cause = e.getCause();
    return new ReferenceUnreadable(
        "%s: %s%s"
            .formatted(url, e.getMessage(), cause == null ? "" : " (" + cause.getMessage() + ")"),
        e);
  }

  @Override
  public void close() {
    connection.close();
    stop(client);
  }

  private static void stop(AbstractRedisClient client) {
    client.shutdown(Duration.ZERO, TIMEOUT);
  }
}
