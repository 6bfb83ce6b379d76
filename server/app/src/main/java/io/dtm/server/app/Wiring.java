package io.dtm.server.app;

import io.dtm.server.api.HttpEdge;
import io.dtm.server.branch.AlertWebhook;
import io.dtm.server.branch.BoundedHttpClient;
import io.dtm.server.branch.BranchCallers;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.HttpBranchCaller;
import io.dtm.server.branch.LimitedBranchCaller;
import io.dtm.server.branch.LocalhostRewrite;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.engine.Engine;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.server.store.rocksdb.RocksDbStoreConfig;
import io.dtm.server.store.rocksdb.RocksDbTransactionStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

/** Makes the parts of a server out of its configuration. Starts nothing. */
final class Wiring {
  private final ServerConfig config;
  private final InstantSource clock;

  Wiring(ServerConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  /** One store under its two names. */
  record Stores(TransactionStore transactions, KeyValueStore keyValues) {}

  Stores stores() {
    if (config.store().driver().equals(StoreConfig.MEMORY)) {
      var memory = new MemoryTransactionStore(clock);
      return new Stores(memory, memory);
    }
    var rocksDb =
        RocksDbTransactionStore.open(
            config.store().dataDir(), clock, RocksDbStoreConfig.defaults());
    return new Stores(rocksDb, rocksDb);
  }

  SystemTimer timer() {
    return new SystemTimer(clock);
  }

  BoundedHttpClient httpClient() {
    return new BoundedHttpClient("dtm-java/" + Version.current(), config.branch().proxies());
  }

  AlertWebhook alerts(BoundedHttpClient client) {
    return new AlertWebhook(config.alert(), client, clock);
  }

  Engine engine(Stores stores, BoundedHttpClient client, Timer timer, AlertWebhook alerts) {
    EngineListener log = new LoggingListener();
    Executor threads = task -> Thread.ofVirtual().name("transaction").start(task);
    return new Engine(
        config.engine().toEngineConfig(),
        node(),
        stores.transactions(),
        branchCaller(client),
        topic -> List.of(),
        clock,
        timer,
        threads,
        event -> {
          log.on(event);
          alerts.on(event);
        });
  }

  private BranchCaller branchCaller(BoundedHttpClient client) {
    var branch = config.branch();
    var limits = new DestinationLimits(branch.callsPerDestinationMax(), branch.destinationsMax());
    var caller = new LimitedBranchCaller(BranchCallers.over(new HttpBranchCaller(client)), limits);
    return branch.localhostIsHost() ? new LocalhostRewrite(caller) : caller;
  }

  /**
   * Another one after every start, so that a restarted server never takes its old claims for its
   * own.
   */
  private static String node() {
    return "%d-%08x".formatted(ProcessHandle.current().pid(), new SecureRandom().nextInt());
  }

  HttpEdge httpEdge(Stores stores, Engine engine) {
    return new HttpEdge(
        config.http(), engine.coordinator(), stores.keyValues(), clock, new SecureRandom());
  }
}
