package io.dtm.server.stores;

import io.dtm.server.store.jdbc.JdbcStoreConfig;
import io.dtm.server.store.mongo.MongoStoreConfig;
import io.dtm.server.store.redis.RedisStoreConfig;
import java.nio.file.Path;

/** Which store, and how it is reached. */
public sealed interface StoreConfig {

  /** For messages: the kind of the store and its place, without anything secret. */
  String describe();

  /** Whether several servers may use the store at the same time. */
  default boolean isShared() {
    return true;
  }

  /** How many group commits it serves best at the same time. */
  default int writers() {
    return 1;
  }

  /** Lost with the process. */
  record Memory() implements StoreConfig {
    @Override
    public String describe() {
      return "memory";
    }

    @Override
    public boolean isShared() {
      return false;
    }
  }

  /** The embedded store, in a folder of this machine. */
  record RocksDb(Path folder) implements StoreConfig {
    @Override
    public String describe() {
      return "rocksdb in " + folder.toAbsolutePath().normalize();
    }

    @Override
    public boolean isShared() {
      return false;
    }
  }

  /** An SQL database. */
  record Sql(JdbcStoreConfig jdbc) implements StoreConfig {
    private static final int WRITERS = 2;

    @Override
    public String describe() {
      return jdbc.describe();
    }

    @Override
    public int writers() {
      return WRITERS;
    }
  }

  /** Redis, alone, watched by sentinels, or a cluster. */
  record Redis(RedisStoreConfig redis) implements StoreConfig {
    @Override
    public String describe() {
      return "Redis at " + redis.topology();
    }
  }

  /** MongoDB. */
  record Mongo(MongoStoreConfig mongo) implements StoreConfig {
    @Override
    public String describe() {
      return mongo.describe();
    }
  }
}
