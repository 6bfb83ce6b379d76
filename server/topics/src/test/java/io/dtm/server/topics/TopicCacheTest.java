package io.dtm.server.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TopicCacheTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<String> URLS = List.of("http://a");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final TopicCache cache = new TopicCache(2, Duration.ofSeconds(3), now::get);

  @Test
  void keepsWhatWasAskedForLast() {
    cache.keep("a", URLS, cache.ticket());
    cache.keep("b", URLS, cache.ticket());
    cache.find("a");

    cache.keep("c", URLS, cache.ticket());

    assertThat(cache.find("a")).contains(URLS);
    assertThat(cache.find("b")).isEmpty();
    assertThat(cache.find("c")).contains(URLS);
  }

  @Test
  void countsAgeFromTheBeginningOfTheLook() {
    var ticket = cache.ticket();
    now.set(START.plusSeconds(2));
    cache.keep("a", URLS, ticket);

    now.set(START.plusMillis(2_999));
    assertThat(cache.find("a")).contains(URLS);
    now.set(START.plusSeconds(3));
    assertThat(cache.find("a")).isEmpty();
  }

  @Test
  void trustsNothingWhenTheClockWasSetBack() {
    cache.keep("a", URLS, cache.ticket());

    now.set(START.minusSeconds(1));

    assertThat(cache.find("a")).isEmpty();
  }

  @Test
  void keepsNothingThatWasReadWhileSomethingChanged() {
    var ticket = cache.ticket();
    cache.forget("b");

    cache.keep("a", URLS, ticket);

    assertThat(cache.find("a")).isEmpty();
  }
}
