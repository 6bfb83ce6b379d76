package io.dtm.server.stores;

import io.dtm.server.store.jdbc.JdbcStoreConfig;
import io.dtm.server.store.redis.RedisStoreConfig;
import java.time.Duration;

/**
 * What an operator may choose whatever the place of the store. Each store takes what concerns it.
 *
 * @param connectionsMax connections to an SQL server at most
 * @param connectionsIdle how many of them are kept open while there is nothing to do
 * @param connectionLifetime age at which such a connection is replaced
 * @param connectTimeout how long a request may wait for a connection
 * @param requestTimeout how long a server may take to answer before the outcome counts as unknown
 * @param redisReplicas replicas of Redis that must have a write before it is acknowledged
 * @param keepSucceeded how long succeeded transactions are kept, for stores that forget by
 *     themselves; zero: for ever
 * @param keepFailed likewise for failed ones
 */
public record StoreTuning(
    int connectionsMax,
    int connectionsIdle,
    Duration connectionLifetime,
    Duration connectTimeout,
    Duration requestTimeout,
    int redisReplicas,
    Duration keepSucceeded,
    Duration keepFailed) {

  public static StoreTuning defaults() {
    var jdbc = JdbcStoreConfig.defaults("", "", "");
    return new StoreTuning(
        jdbc.connectionsMax(),
        jdbc.connectionsIdle(),
        jdbc.connectionLifetime(),
        jdbc.connectTimeout(),
        jdbc.requestTimeout(),
        0,
        Duration.ZERO,
        Duration.ZERO);
  }

  /** The store, tuned. */
  public StoreConfig applyTo(StoreConfig store) {
    return switch (store) {
      case StoreConfig.Sql(var jdbc) ->
          new StoreConfig.Sql(
              jdbc.withTimeouts(connectTimeout, requestTimeout)
                  .withConnections(connectionsMax, connectionsIdle, connectionLifetime));
      case StoreConfig.Redis(var redis) ->
          new StoreConfig.Redis(
              redis
                  .withTimeouts(connectTimeout, requestTimeout)
                  .withRetention(keepSucceeded, keepFailed)
                  .withReplicas(redisReplicas, RedisStoreConfig.REPLICAS_TIMEOUT));
      case StoreConfig.Mongo(var mongo) ->
          new StoreConfig.Mongo(
              mongo
                  .withTimeouts(connectTimeout, requestTimeout)
                  .withRetention(keepSucceeded, keepFailed));
      case StoreConfig.Memory memory -> memory;
      case StoreConfig.RocksDb rocksDb -> rocksDb;
    };
  }
}
