package io.dtm.cache;

import static java.util.Objects.requireNonNull;

import io.dtm.cache.CacheSettings.Bypass;
import io.dtm.cache.CacheSettings.ReplicaWait;
import io.lettuce.core.RedisException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of a cache; each default is that of the Go library where it has the option. Not
 * thread-safe.
 */
public final class CacheBuilder {
  private static final int THREADS_MAX = 4;
  private static final int RELOADS_QUEUED_MAX = 1_000;
  private static final Duration IDLE = Duration.ofSeconds(30);

  private final Function<Boolean, RedisConnections> connect;
  private final CacheSettings defaults = CacheSettings.defaults();
  private Consistency consistency = defaults.consistency();
  private CacheUse use = defaults.use();
  private Duration delay = defaults.delay();
  private Duration emptyExpiry = defaults.emptyExpiry();
  private Duration lockExpiry = defaults.lockExpiry();
  private Duration lockPause = defaults.lockPause();
  private Duration waitMax = defaults.waitMax();
  private Duration updateMax = defaults.updateMax();
  private double expiryJitter = defaults.expiryJitter();
  private ReplicaWait replicaWait = defaults.replicaWait();
  private Duration commandTimeout = defaults.commandTimeout();
  private WhenUnavailable whenUnavailable = defaults.bypass().when();
  private int loadsWithoutRedisMax = defaults.bypass().loadsMax();
  private @Nullable Executor executor;

  /**
   * @param connect told whether replicas are waited for
   */
  CacheBuilder(Function<Boolean, RedisConnections> connect) {
    this.connect = connect;
  }

  /** What readers may see after a tag. Default: {@link Consistency#EVENTUAL}. */
  public CacheBuilder consistency(Consistency value) {
    consistency = requireNonNull(value, "value");
    return this;
  }

  /** How much of the cache is in use. Default: {@link CacheUse#ALL}. */
  public CacheBuilder use(CacheUse value) {
    use = requireNonNull(value, "value");
    return this;
  }

  /**
   * How long an old value lives on at most after its key was tagged as deleted. Give it the longest
   * time that a load takes, or eventual readers find nothing while it runs. Default: 10 seconds.
   */
  public CacheBuilder delay(Duration value) {
    delay = Arguments.positive("delay", value);
    return this;
  }

  /**
   * How long the cache remembers that a key has no value; zero for not at all. Default: 60 seconds.
   */
  public CacheBuilder emptyExpiry(Duration value) {
    emptyExpiry = Arguments.notNegative("emptyExpiry", value);
    return this;
  }

  /**
   * How long a reader may load before another one may try, in whole seconds; give it the longest
   * time that a load takes. Also how long an old value lives on after a failed load. Default: 3
   * seconds.
   */
  public CacheBuilder lockExpiry(Duration value) {
    lockExpiry = Arguments.wholeSeconds("lockExpiry", value);
    return this;
  }

  /**
   * How long a reader that waits for another process pauses before it looks again. Default: 100
   * milliseconds.
   */
  public CacheBuilder lockPause(Duration value) {
    lockPause = Arguments.positive("lockPause", value);
    return this;
  }

  /**
   * How long a fetch waits for the locks and loads of others, after which it is {@link
   * CacheKeyLocked}. Default: 10 seconds.
   */
  public CacheBuilder waitMax(Duration value) {
    waitMax = Arguments.positive("waitMax", value);
    return this;
  }

  /**
   * How long {@link ConsistentCache#lock} holds at most. Whoever dies with a lock holds up strong
   * readers for that long. Default: 1 minute.
   */
  public CacheBuilder updateMax(Duration value) {
    updateMax = Arguments.positive("updateMax", value);
    return this;
  }

  /**
   * The part of an expiry, from 0 to 0.9, of which a random part is taken off. Default: 0.1, so
   * that 10 minutes become 9 to 10.
   */
  public CacheBuilder expiryJitter(double value) {
    if (!(value >= 0 && value <= 0.9)) {
      throw new IllegalArgumentException("expiryJitter: %s (expected: 0 to 0.9)".formatted(value));
    }
    expiryJitter = value;
    return this;
  }

  /**
   * How many replicas must have a tag before it counts, and how long to wait for them: without
   * that, a replica that becomes the master may have missed it. Default: none.
   */
  public CacheBuilder waitForReplicas(int count, Duration timeout) {
    replicaWait =
        new ReplicaWait(
            Arguments.atLeast("count", 1, count), Arguments.positive("timeout", timeout));
    return this;
  }

  /** How long Redis may take for one answer. Default: 1 second. */
  public CacheBuilder commandTimeout(Duration value) {
    commandTimeout = Arguments.positive("commandTimeout", value);
    return this;
  }

  /**
   * What becomes of a fetch when Redis is down, slow, or the key stays locked. After 5 commands in
   * a row without an answer the others do not wait for the timeout; one fetch in a second finds out
   * whether Redis is back. Default: {@link WhenUnavailable#FAIL}.
   */
  public CacheBuilder whenUnavailable(WhenUnavailable value) {
    whenUnavailable = requireNonNull(value, "value");
    return this;
  }

  /**
   * How many fetches, a batch counting as one, may ask their loaders at the same time while Redis
   * cannot be asked; the rest fails, which spares the database. Default: 64.
   */
  public CacheBuilder loadsWithoutRedisMax(int value) {
    loadsWithoutRedisMax = Arguments.atLeast("loadsWithoutRedisMax", 1, value);
    return this;
  }

  /**
   * Where loads in the background run, and where asynchronous loaders are called. A load that it
   * rejects fails, and the next reader tries again. Default: 4 daemon threads of the cache's own,
   * which come when needed, and 1,000 loads that wait for them.
   */
  public CacheBuilder executor(Executor value) {
    executor = requireNonNull(value, "value");
    return this;
  }

  /**
   * A cache of text, connected. {@link ConsistentCache#withCodec} makes one of other values of it.
   *
   * @throws CacheUnavailable when Redis cannot be reached
   */
  public ConsistentCache<String> build() {
    return build(Waiting.real());
  }

  ConsistentCache<String> build(Waiting waiting) {
    var settings =
        new CacheSettings(
            consistency,
            use,
            delay,
            emptyExpiry,
            lockExpiry,
            lockPause,
            waitMax,
            updateMax,
            expiryJitter,
            replicaWait,
            commandTimeout,
            new Bypass(whenUnavailable, loadsWithoutRedisMax));
    var connections = connected();
    var random = new SecureRandom();
    if (executor != null) {
      return new ConsistentCache<>(
          new CacheCore(connections, settings, random, waiting, executor, null), ValueCodec.text());
    }
    var threads = ownThreads();
    return new ConsistentCache<>(
        new CacheCore(connections, settings, random, waiting, threads, threads), ValueCodec.text());
  }

  private RedisConnections connected() {
    try {
      return connect.apply(replicaWait.count() > 0);
    } catch (RedisException e) {
      throw new CacheUnavailable("Redis cannot be reached: " + e.getMessage(), e);
    }
  }

  /** Starts no thread yet, and lets idle ones go. */
  private static ExecutorService ownThreads() {
    var number = new AtomicInteger();
    var threads =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(RELOADS_QUEUED_MAX),
            work -> {
              var thread = new Thread(work, "dtm-cache-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
