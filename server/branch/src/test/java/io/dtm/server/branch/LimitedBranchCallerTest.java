package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static io.dtm.server.branch.Calls.wantedWhile;
import static io.dtm.server.branch.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Deferred;
import io.dtm.server.core.BranchResult.Succeeded;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitedBranchCallerTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore arrived = new Semaphore(0);
  private final BranchCaller hangsAtHanging =
      call -> {
        arrived.release();
        if (Destination.of(call.url()).hostAndPort().startsWith("hanging")) {
          awaitRelease();
        }
        return new Succeeded();
      };

  private static LimitedBranchCaller limited(
      BranchCaller caller, int callsMax, int callsWaitingMax, int rememberedMax) {
    var time = new VirtualTime(Instant.EPOCH);
    var limits =
        new DestinationLimits(
            callsMax, callsWaitingMax, rememberedMax, 0, Duration.ofSeconds(1), 100);
    return new LimitedBranchCaller(caller, limits, time, time, Runnable::run, event -> {});
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aDestinationThatHangsDoesNotSlowAnother() throws Exception {
    var limited = limited(hangsAtHanging, 2, 10, 10);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> limited.call(aCall("http://hanging/a")));
      var second = threads.submit(() -> limited.call(aCall("http://HANGING:80/b")));
      assertThat(arrived.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();

      var third = limited.call(within(aCall("http://hanging/c"), SHORT));
      var other = limited.call(aCall("http://healthy/a"));

      assertThat(third)
          .isEqualTo(new Deferred("hanging:80 has 2 calls running, as many as it may have"));
      assertThat(other).isEqualTo(new Succeeded());
      release.countDown();
      assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
      assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
      assertThat(limited.call(aCall("http://hanging/c"))).isEqualTo(new Succeeded());
    }
  }

  @Test
  void aCallThatWaitsGetsThePlaceThatComesFree() throws Exception {
    var limited = limited(hangsAtHanging, 1, 10, 10);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      var waiting = threads.submit(() -> limited.call(aCall("http://hanging/b")));

      release.countDown();

      assertThat(waiting.get(60, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
    }
  }

  @Test
  void aCallerThatBreaksGivesItsPlaceBack() {
    var limited =
        limited(
            call -> {
              throw new IllegalStateException("a bug");
            },
            1,
            10,
            10);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> limited.call(aCall("http://bank/a"))).hasMessage("a bug");
    }
  }

  @Test
  void anInterruptEndsTheWaitWithoutACall() throws Exception {
    var limited = limited(hangsAtHanging, 1, 10, 10);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

      Thread.currentThread().interrupt();
      var result = limited.call(aCall("http://hanging/b"));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(result).isInstanceOf(BranchResult.Deferred.class);
      release.countDown();
    }
  }

  @Test
  void remembersOnlySoManyIdleDestinations() {
    var limited = limited(hangsAtHanging, 1, 10, 10);

    for (int i = 0; i < 1_000; i++) {
      limited.call(aCall("http://bank-%d/a".formatted(i)));
    }

    assertThat(limited.remembered()).isBetween(1, 10);
  }

  @Test
  void aBusyDestinationIsNotForgotten() throws Exception {
    var limited = limited(hangsAtHanging, 1, 10, 2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 100; i++) {
        limited.call(aCall("http://bank-%d/a".formatted(i)));
      }

      var result = limited.call(within(aCall("http://hanging/b"), SHORT));

      assertThat(result).isInstanceOf(Deferred.class);
      release.countDown();
    }
  }

  @Test
  void aCallBeyondThoseThatMayWaitIsDeferredAtOnce() throws Exception {
    var limited = limited(hangsAtHanging, 1, 0, 10);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();

      var result = limited.call(aCall("http://hanging/b"));

      assertThat(result)
          .isEqualTo(new Deferred("hanging:80 has 1 calls running, as many as it may have"));
      release.countDown();
    }
  }

  @Test
  void aCallThatWaitedIsNotMadeOnceItsTransactionWasStopped() throws Exception {
    var limited = limited(hangsAtHanging, 1, 10, 10);
    var wanted = new AtomicBoolean(true);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      var waiting =
          threads.submit(() -> limited.call(wantedWhile(wanted, aCall("http://hanging/b"))));

      wanted.set(false);
      release.countDown();

      assertThat(waiting.get(60, TimeUnit.SECONDS)).isInstanceOf(Deferred.class);
      assertThat(arrived.availablePermits()).as("further calls").isZero();
      assertThat(limited.call(aCall("http://hanging/c"))).isEqualTo(new Succeeded());
    }
  }

  @Test
  void limitsThatMakeNoSenseAreNamed() {
    var second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> new DestinationLimits(0, 1, 1, 1, second, 1))
        .hasMessage("callsMax: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new DestinationLimits(1, 1, 0, 1, second, 1))
        .hasMessage("rememberedMax: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new DestinationLimits(1, 1, 1, 1, Duration.ZERO, 1))
        .hasMessage("probeInterval: PT0S (expected: > 0)");
  }
}
