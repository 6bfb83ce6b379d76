package io.dtm.server.stores;

import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.store.jdbc.DatabaseUnusable;
import io.dtm.server.store.jdbc.JdbcTransactionStore;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.store.mongo.MongoTransactionStore;
import io.dtm.server.store.redis.RedisTransactionStore;
import io.dtm.server.store.rocksdb.RocksDbStoreConfig;
import io.dtm.server.store.rocksdb.RocksDbTransactionStore;
import io.dtm.server.store.rocksdb.StoreFolderInUse;
import io.dtm.server.store.rocksdb.StoreFolderUnusable;
import java.time.InstantSource;

/**
 * An open store under its two names.
 *
 * @param clock the clock that the store compares times with, for everything that writes times into
 *     it: where servers share a store it is the store's, and their own clocks do not matter
 */
public record OpenStore(TransactionStore transactions, KeyValueStore keyValues, InstantSource clock)
    implements AutoCloseable {

  /**
   * Opens a store.
   *
   * @param localClock for stores that only this process uses
   * @throws StoreUnusable when it cannot be reached, is in use, or holds what we cannot read
   */
  public static OpenStore open(StoreConfig config, InstantSource localClock) {
    try {
      return switch (config) {
        case StoreConfig.Memory() -> of(new MemoryTransactionStore(localClock), localClock);
        case StoreConfig.RocksDb(var folder) ->
            of(
                RocksDbTransactionStore.open(folder, localClock, RocksDbStoreConfig.defaults()),
                localClock);
        case StoreConfig.Sql(var jdbc) -> {
          var store = JdbcTransactionStore.open(jdbc);
          yield of(store, store.clock());
        }
        case StoreConfig.Redis(var redis) -> {
          var store = RedisTransactionStore.open(redis);
          yield of(store, store.clock());
        }
        case StoreConfig.Mongo(var mongo) -> {
          var store = MongoTransactionStore.open(mongo);
          yield of(store, store.clock());
        }
      };
    } catch (StoreFolderInUse
        | StoreFolderUnusable
        | DatabaseUnusable
        | StoreUnavailable
        | IllegalArgumentException e) {
      throw new StoreUnusable(String.valueOf(e.getMessage()), e);
    }
  }

  private static <S extends TransactionStore & KeyValueStore> OpenStore of(
      S store, InstantSource clock) {
    return new OpenStore(store, store, clock);
  }

  @Override
  public void close() {
    transactions.close();
  }
}
