package io.dtm.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Writers and readers in two processes' worth of caches, with loads that fail, dawdle and outlive
 * their locks. {@code -Ddtm.cache.millis=60000} for longer.
 */
class ConsistencyTest {
  private static final Duration LENGTH =
      Duration.ofMillis(Integer.getInteger("dtm.cache.millis", 1_500));
  private static final Duration DELAY = Duration.ofMillis(200);

  /** What a load may take, and a busy machine besides. */
  private static final Duration SLACK = Duration.ofMillis(1_000);

  private static CacheBuilder cache(Consistency consistency) {
    return TestRedis.cache()
        .consistency(consistency)
        .delay(DELAY)
        .lockExpiry(Duration.ofSeconds(1))
        .lockPause(Duration.ofMillis(2));
  }

  @Test
  void aStrongReaderNeverSeesAnOlderValueThanTheLastTaggedOne() throws Exception {
    try (var here = cache(Consistency.STRONG).build();
        var there = cache(Consistency.STRONG).build()) {
      var workload = new Workload(List.of(here, there), Workload.Update.CHANGE_AND_TAG);

      var report = workload.run(LENGTH);

      assertThat(report.olderThanTagged()).as("%s", report).isZero();
      assertThat(report.reads()).isGreaterThan(50);
      assertThat(report.updates()).isGreaterThan(20);
      assertThat(report.lostLoads()).isPositive();
    }
  }

  @Test
  void withALockForTheUpdateNoStrongReaderSeesAnOlderValueThanTheCommittedOne() throws Exception {
    try (var here = cache(Consistency.STRONG).build();
        var there = cache(Consistency.STRONG).build()) {
      var workload = new Workload(List.of(here, there), Workload.Update.LOCK_CHANGE_UNLOCK);

      var report = workload.run(LENGTH);

      assertThat(report.olderThanCommitted()).as("%s", report).isZero();
      assertThat(report.reads()).isGreaterThan(50);
      assertThat(report.updates()).isGreaterThan(20);
    }
  }

  @Test
  void anEventualReaderNeverSeesAValueThatWasTaggedLongerThanTheDelayAgoAndInTheEndTheLast()
      throws Exception {
    try (var here = cache(Consistency.EVENTUAL).build();
        var there = cache(Consistency.EVENTUAL).build()) {
      var workload = new Workload(List.of(here, there), Workload.Update.CHANGE_AND_TAG);

      var report = workload.run(LENGTH);

      assertThat(report.oldestSeen()).as("%s", report).isLessThan(DELAY.plus(SLACK));
      assertThat(report.reads()).isGreaterThan(50);
      // Not for nothing: the same check that a strong reader passes finds old values here.
      assertThat(report.olderThanTagged()).as("%s", report).isPositive();
      TestRedis.await(workload::everyReaderSeesTheLastValue);
    }
  }
}
