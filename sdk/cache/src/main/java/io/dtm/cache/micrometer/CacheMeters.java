package io.dtm.cache.micrometer;

import static java.util.Objects.requireNonNull;

import io.dtm.cache.CacheException;
import io.dtm.cache.CacheListener;
import io.dtm.cache.ConsistentCache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a cache does, as meters with the tag {@code cache}: counters {@code dtm.cache.hits}, {@code
 * .stale}, {@code .bypasses}, {@code .tags}, {@code .tag.failures}, {@code .reload.failures} and
 * {@code .not.kept}; timers {@code dtm.cache.loads} (with {@code outcome}: value, empty, failed)
 * and {@code dtm.cache.waits}; and the gauges {@code dtm.cache.pending.tags} and {@code
 * dtm.cache.oldest.pending.tag}, of which the last is the one to raise an alert: how long a changed
 * key has not been tagged as deleted.
 */
public final class CacheMeters implements MeterBinder {
  private final ConsistentCache<?> cache;
  private final String name;

  /**
   * @param name tells this cache from others of the same process
   */
  public CacheMeters(ConsistentCache<?> cache, String name) {
    this.cache = requireNonNull(cache, "cache");
    this.name = requireNonNull(name, "name");
  }

  /** Call it once for each registry. */
  @Override
  public void bindTo(MeterRegistry registry) {
    cache.addListener(new Counting(registry, name));
    TimeGauge.builder(
            "dtm.cache.oldest.pending.tag",
            cache,
            TimeUnit.MILLISECONDS,
            same -> same.oldestPendingTag().toMillis())
        .tag("cache", name)
        .strongReference(true)
        .register(registry);
    registry.gauge(
        "dtm.cache.pending.tags", Tags.of("cache", name), cache, ConsistentCache::pendingTags);
  }

  private static final class Counting implements CacheListener {
    private final Counter hits;
    private final Counter stale;
    private final Counter bypasses;
    private final Counter tags;
    private final Counter tagFailures;
    private final Counter reloadFailures;
    private final Counter notKept;
    private final Timer waits;
    private final Map<LoadOutcome, Timer> loads = new EnumMap<>(LoadOutcome.class);

    Counting(MeterRegistry registry, String name) {
      hits = registry.counter("dtm.cache.hits", "cache", name);
      stale = registry.counter("dtm.cache.stale", "cache", name);
      bypasses = registry.counter("dtm.cache.bypasses", "cache", name);
      tags = registry.counter("dtm.cache.tags", "cache", name);
      tagFailures = registry.counter("dtm.cache.tag.failures", "cache", name);
      reloadFailures = registry.counter("dtm.cache.reload.failures", "cache", name);
      notKept = registry.counter("dtm.cache.not.kept", "cache", name);
      waits = registry.timer("dtm.cache.waits", "cache", name);
      for (var outcome : LoadOutcome.values()) {
        var word = outcome.name().toLowerCase(Locale.ROOT);
        loads.put(outcome, registry.timer("dtm.cache.loads", "cache", name, "outcome", word));
      }
    }

    @Override
    public void hit(String key) {
      hits.increment();
    }

    @Override
    public void stale(String key) {
      stale.increment();
    }

    @Override
    public void loaded(String key, LoadOutcome outcome, Duration took) {
      requireNonNull(loads.get(outcome)).record(took);
    }

    @Override
    public void reloadFailed(String key, Throwable failure) {
      reloadFailures.increment();
    }

    @Override
    public void waited(Duration took) {
      waits.record(took);
    }

    @Override
    public void bypassed(String key) {
      bypasses.increment();
    }

    @Override
    public void tagged(String key) {
      tags.increment();
    }

    @Override
    public void tagFailed(String key, CacheException failure) {
      tagFailures.increment();
    }

    @Override
    public void notKept(String key, CacheException failure) {
      notKept.increment();
    }
  }
}
