package io.dtm.cache;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a cache. WAIT holds up whatever follows it on its connection, and speaks of
 * that connection's writes only, so what waits for replicas has one of its own.
 */
interface RedisConnections extends AutoCloseable {
  RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

  /** For all that is not waited for by replicas. */
  RedisClusterAsyncCommands<String, byte[]> commands();

  /** For a write to this key that replicas have to confirm. */
  CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> toBeConfirmed(String key);

  @Override
  void close();

  static RedisConnections open(RedisClient client, boolean waitsForReplicas) {
    var shared = client.connect(CODEC);
    if (!waitsForReplicas) {
      return new Single(shared, null);
    }
    try {
      return new Single(shared, client.connect(CODEC));
    } catch (RedisException e) {
      shared.close();
      throw e;
    }
  }

  static RedisConnections open(RedisClusterClient client) {
    return new Cluster(client.connect(CODEC));
  }

  /**
   * One server, or a master that sentinels know.
   *
   * @param confirmed there when replicas are waited for
   */
  record Single(
      StatefulRedisConnection<String, byte[]> shared,
      @Nullable StatefulRedisConnection<String, byte[]> confirmed)
      implements RedisConnections {
    @Override
    public RedisClusterAsyncCommands<String, byte[]> commands() {
      return shared.async();
    }

    @Override
    public CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> toBeConfirmed(String key) {
      return CompletableFuture.completedFuture((confirmed == null ? shared : confirmed).async());
    }

    @Override
    public void close() {
      if (confirmed != null) {
        confirmed.close();
      }
      shared.close();
    }
  }

  /** A cluster, of which the connection has one to each node for itself. */
  record Cluster(StatefulRedisClusterConnection<String, byte[]> connection)
      implements RedisConnections {
    @Override
    public RedisClusterAsyncCommands<String, byte[]> commands() {
      return connection.async();
    }

    @Override
    public CompletableFuture<RedisClusterAsyncCommands<String, byte[]>> toBeConfirmed(String key) {
      var slot = SlotHash.getSlot(key);
      var node = connection.getPartitions().getPartitionBySlot(slot);
      if (node == null) {
        throw new RedisException("no node of the cluster is known to have slot " + slot);
      }
      return connection
          .getConnectionAsync(node.getNodeId())
          .thenApply(StatefulRedisConnection::async);
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
