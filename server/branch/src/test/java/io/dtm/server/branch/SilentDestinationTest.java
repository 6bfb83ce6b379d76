package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static io.dtm.server.branch.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.branch.RawPeer.Behaviour;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.BranchResult.Deferred;
import io.dtm.server.core.BranchResult.Succeeded;
import io.dtm.server.core.BranchResult.Unclear;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real sockets, time that the test moves; its resumer only takes note. */
@Timeout(60)
class SilentDestinationTest {
  private static final int FAILURES_MAX = 3;
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Behaviour HANGS = RawPeer.Connection::hang;
  private static final Behaviour RESETS =
      connection -> {
        connection.readRequest();
        connection.reset();
      };

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
  private final BoundedHttpClient client = BoundedHttpClient.create();
  private final ConcurrentLinkedQueue<EngineEvent> events = new ConcurrentLinkedQueue<>();
  private final List<Gid> resumed = new ArrayList<>();
  private final LimitedBranchCaller caller =
      new LimitedBranchCaller(
          new HttpBranchCaller(client),
          new DestinationLimits(16, 16, 10, FAILURES_MAX, SECOND, 8),
          time,
          time,
          Runnable::run,
          events::add);
  private volatile Behaviour behaviour = HANGS;
  private final RawPeer peer = new RawPeer(connection -> behaviour.serve(connection));

  private static Behaviour answers(int status) {
    return connection -> {
      while (connection.readRequest()) {
        connection.answer(status, "");
      }
    };
  }

  @BeforeEach
  void start() {
    caller.start(gid -> {
      resumed.add(gid);
      return true;
    });
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    peer.close();
  }

  private BranchResult call(String gid) {
    return caller.call(Calls.of(gid, within(aCall(peer.url("/do")), SHORT)));
  }

  private void makeSilent() {
    behaviour = RESETS;
    IntStream.range(0, FAILURES_MAX).forEach(i -> call("failed-" + i));
  }

  private void pass(Duration duration) {
    time.advance(duration, () -> {});
  }

  private List<String> takeResumed() {
    var gids = resumed.stream().map(Gid::value).toList();
    resumed.clear();
    return gids;
  }

  @Test
  void isSparedOnceSoManyCallsInARowHang() {
    IntStream.range(0, FAILURES_MAX)
        .forEach(
            i -> assertThat(call("g")).isEqualTo(unavailable("no whole answer within 100 ms")));
    int before = peer.requests().size();

    var result = call("g");

    assertThat(result).isInstanceOf(Deferred.class);
    assertThat(((Deferred) result).message())
        .contains("has not answered since 2026-01-01T00:00:00Z", "no whole answer within 100 ms");
    assertThat(((Deferred) result).pause()).isEqualTo(DestinationLimits.PAUSE_WHILE_SILENT);
    assertThat(peer.requests()).hasSize(before);
    assertThat(events)
        .singleElement()
        .isInstanceOfSatisfying(
            EngineEvent.DestinationSilent.class,
            silent -> assertThat(silent.failures()).isEqualTo(FAILURES_MAX));
  }

  private static Unclear unavailable(String why) {
    return new Unclear(why, Availability.UNAVAILABLE);
  }

  @Test
  void isSparedOnceItRefusesConnections() throws Exception {
    peer.close();
    IntStream.range(0, FAILURES_MAX)
        .forEach(i -> assertThat(call("g")).isInstanceOf(Unclear.class));

    assertThat(call("g")).isInstanceOf(Deferred.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void isSparedWhenAProxySaysThatItIsNotThere(int status) {
    behaviour = answers(status);
    IntStream.range(0, FAILURES_MAX).forEach(i -> call("g"));

    assertThat(call("g")).isInstanceOf(Deferred.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 404, 409, 425, 429, 500, 501})
  void isCalledOnWhateverItAnswers(int status) {
    behaviour = answers(status);
    IntStream.range(0, 10 * FAILURES_MAX).forEach(i -> call("g"));

    assertThat(call("g")).isNotInstanceOf(Deferred.class);
    assertThat(events).isEmpty();
  }

  @Test
  void oneWhoWaitsIsResumedEachSecondAndAnotherOneEachTime() {
    makeSilent();
    call("deferred");

    for (var expected : List.of("failed-0", "failed-1", "failed-2", "deferred", "failed-0")) {
      pass(SECOND);
      assertThat(takeResumed()).containsExactly(expected);
      assertThat(call(expected)).isInstanceOf(Unclear.class);
    }
  }

  @Test
  void aProbeThatIsNotAnsweredIsNoFailureOfItsTransaction() {
    makeSilent();
    pass(SECOND);

    var result = call("probe");

    assertThat(((Unclear) result).availability()).isEqualTo(Availability.STILL_UNAVAILABLE);
    assertThat(call("next")).isInstanceOf(Deferred.class);
  }

  @Test
  void whoWaitsIsResumedInGrowingNumbersOnceItIsBack() {
    makeSilent();
    IntStream.range(0, 10).forEach(i -> call("deferred-" + i));
    pass(SECOND);
    takeResumed();
    behaviour = answers(200);

    assertThat(call("failed-0")).isEqualTo(new Succeeded());

    assertThat(events)
        .last()
        .isEqualTo(
            new EngineEvent.DestinationBack(Destination.of(peer.url("")).hostAndPort(), SECOND, 7));
    pass(SHORT);
    assertThat(takeResumed()).hasSize(4);
    pass(SHORT);
    assertThat(takeResumed()).as("of 8 that were remembered in all").hasSize(3);
    pass(SECOND);
    assertThat(resumed).isEmpty();
  }

  @Test
  void whoCouldNotBeResumedIsResumedLater() {
    var attempts = new Semaphore(0);
    caller.start(gid -> {
      attempts.release();
      return false;
    });
    makeSilent();
    behaviour = answers(200);
    pass(SECOND);
    call("probe");
    attempts.drainPermits();

    pass(SHORT);
    assertThat(attempts.drainPermits()).isEqualTo(FAILURES_MAX);
    pass(SHORT);
    assertThat(attempts.drainPermits()).isEqualTo(FAILURES_MAX);
  }

  @Test
  void callsThatHangSinceBeforeItsReturnTakeNoPlaceOfOthers() throws Exception {
    var hung = new CountDownLatch(1);
    var arrived = new Semaphore(0);
    behaviour =
        connection -> {
          connection.readRequest();
          arrived.release();
          hung.await();
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 12; i++) {
        threads.execute(() -> caller.call(aCall(peer.url("/hangs"))));
      }
      assertThat(arrived.tryAcquire(12, 30, TimeUnit.SECONDS)).isTrue();
      IntStream.range(0, FAILURES_MAX).forEach(i -> call("g"));
      behaviour = answers(200);
      pass(SECOND);

      assertThat(call("probe")).isEqualTo(new Succeeded());
      assertThat(call("next")).isEqualTo(new Succeeded());
      hung.countDown();
    }
  }
}
