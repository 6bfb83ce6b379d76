package io.dtm.server.branch.grpc;

import io.dtm.server.branch.grpc.BranchAddress.Target;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The channels to participants, one for each target. Thread-safe; its lock spans no I/O: opening
 * and closing a channel only starts the work.
 */
final class Channels implements AutoCloseable {
  /**
   * A channel that failed to connect waits longer and longer before it tries again, up to two
   * minutes, and fails all calls meanwhile: a participant that has come back would look dead. So it
   * is given up for a new one, though not more often than this.
   */
  private static final Duration RECONNECT_PAUSE = Duration.ofMillis(200);

  /** The same for a host that was not found; the system remembers that for so long by itself. */
  private static final Duration LOOKUP_PAUSE = Duration.ofSeconds(10);

  /** Refusals come with a text, in headers; the same limit as the HTTP caller's. */
  private static final int HEADER_BYTES_MAX = 64 * 1024;

  /** Marks addresses that {@link HostResolver} looks up. */
  static final String SCHEME = "branch";

  /** Hosts that are looked up at a time. */
  private static final int LOOKUPS_MAX = 8;

  private static final int LOOKUP_THREAD_IDLE_SECONDS = 30;

  private final GrpcBranchCallerConfig config;
  private final InstantSource clock;
  private final ThreadPoolExecutor lookups;
  private final ReentrantLock lock = new ReentrantLock();

  /** Least recently used first. */
  private final Map<Target, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  private boolean closed;

  Channels(GrpcBranchCallerConfig config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
    this.lookups =
        new ThreadPoolExecutor(
            LOOKUPS_MAX,
            LOOKUPS_MAX,
            LOOKUP_THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(config.channelsMax()),
            Thread.ofPlatform().name("grpc-host-lookup-", 0).daemon().factory());
    lookups.allowCoreThreadTimeOut(true);
  }

  /** One target's channel. Guarded by the lock, but for the channel itself. */
  private static final class Entry {
    final ManagedChannel channel;
    final HostResolver.Provider resolver;
    final Instant openedAt;
    int users;
    boolean retired;

    Entry(ManagedChannel channel, HostResolver.Provider resolver, Instant openedAt) {
      this.channel = channel;
      this.resolver = resolver;
      this.openedAt = openedAt;
    }
  }

  /** The use of a channel for one call. It stays open until the lease is closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    ManagedChannel channel() {
      return entry.channel;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  /**
   * The channel to a target, opened if need be.
   *
   * @return empty when there are as many channels as there may be, all of them in use
   */
  Optional<Lease> take(Target target) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("closed");
      }
      var entry = entries.get(target);
      if (entry == null && entries.size() >= config.channelsMax() && !forgetOne()) {
        return Optional.empty();
      }
      if (entry == null) {
        entry = open(target);
      } else if (isStuck(entry)) {
        retire(entry);
        entry = open(target);
      }
      entry.users++;
      return Optional.of(new Lease(entry));
    } finally {
      lock.unlock();
    }
  }

  private void release(Entry entry) {
    lock.lock();
    try {
      entry.users--;
      closeIfDone(entry);
    } finally {
      lock.unlock();
    }
  }

  private boolean isStuck(Entry entry) {
    if (entry.channel.getState(false) != ConnectivityState.TRANSIENT_FAILURE) {
      return false;
    }
    var pause = entry.resolver.hasFailed() ? LOOKUP_PAUSE : RECONNECT_PAUSE;
    return !clock.instant().isBefore(entry.openedAt.plus(pause));
  }

  /** Makes room by giving up the least recently used channel that nobody uses. */
  private boolean forgetOne() {
    var idle = entries.entrySet().stream().filter(e -> e.getValue().users == 0).findFirst();
    idle.ifPresent(e -> {
      retire(e.getValue());
      entries.remove(e.getKey());
    });
    return idle.isPresent();
  }

  private static void retire(Entry entry) {
    entry.retired = true;
    closeIfDone(entry);
  }

  private static void closeIfDone(Entry entry) {
    if (entry.retired && entry.users == 0) {
      entry.channel.shutdown();
    }
  }

  @SuppressWarnings("deprecation") // the other way to name a resolver is global to the process
  private Entry open(Target target) {
    var resolver = new HostResolver.Provider(target, lookups);
    var builder =
        NettyChannelBuilder.forTarget(SCHEME + ":///")
            .nameResolverFactory(resolver)
            .defaultLoadBalancingPolicy("round_robin")
            .disableServiceConfigLookUp()
            .idleTimeout(config.idleTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(config.keepAliveTime().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(config.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .maxInboundMessageSize(config.answerBytesMax())
            .maxInboundMetadataSize(HEADER_BYTES_MAX);
    HttpStatusCodes.translate(builder);
    var entry = new Entry(builder.build(), resolver, clock.instant());
    entries.put(target, entry);
    return entry;
  }

  int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all calls. */
  @Override
  public void close() {
    for (var entry : closeAll()) {
      entry.channel.shutdownNow();
    }
    lookups.shutdownNow();
  }

  private List<Entry> closeAll() {
    lock.lock();
    try {
      closed = true;
      var all = List.copyOf(entries.values());
      entries.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }
}
