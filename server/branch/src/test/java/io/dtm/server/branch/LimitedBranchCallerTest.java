package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static io.dtm.server.branch.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Deferred;
import io.dtm.server.core.BranchResult.Succeeded;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aDestinationThatHangsDoesNotSlowAnother() throws Exception {
    var limited = new LimitedBranchCaller(hangsAtHanging, new DestinationLimits(2, 10));
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
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
      assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
      assertThat(limited.call(aCall("http://hanging/c"))).isEqualTo(new Succeeded());
    }
  }

  @Test
  void aCallThatWaitsGetsThePlaceThatComesFree() throws Exception {
    var limited = new LimitedBranchCaller(hangsAtHanging, new DestinationLimits(1, 10));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.execute(() -> limited.call(aCall("http://hanging/a")));
      assertThat(arrived.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
      var waiting = threads.submit(() -> limited.call(aCall("http://hanging/b")));

      release.countDown();

      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(new Succeeded());
    }
  }

  @Test
  void aCallerThatBreaksGivesItsPlaceBack() {
    var limited =
        new LimitedBranchCaller(
            call -> {
              throw new IllegalStateException("a bug");
            },
            new DestinationLimits(1, 10));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> limited.call(aCall("http://bank/a"))).hasMessage("a bug");
    }
  }

  @Test
  void anInterruptEndsTheWaitWithoutACall() throws Exception {
    var limited = new LimitedBranchCaller(hangsAtHanging, new DestinationLimits(1, 10));
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
    var limits = new DestinationLimits(1, 10);
    var limited = new LimitedBranchCaller(hangsAtHanging, limits);

    for (int i = 0; i < 1_000; i++) {
      limited.call(aCall("http://bank-%d/a".formatted(i)));
    }

    assertThat(limits.remembered()).isBetween(1, 10);
  }

  @Test
  void aBusyDestinationIsNotForgotten() throws Exception {
    var limits = new DestinationLimits(1, 2);
    var limited = new LimitedBranchCaller(hangsAtHanging, limits);
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
  void limitsMustBePositive() {
    assertThatThrownBy(() -> new DestinationLimits(0, 1))
        .hasMessage("callsMax: 0 (expected: >= 1)");
    assertThatThrownBy(() -> new DestinationLimits(1, 0))
        .hasMessage("rememberedMax: 0 (expected: >= 1)");
  }
}
