package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The real process under attacks, while somebody else has ordinary requests. For how many seconds
 * each: the system property {@code dtm.attack.seconds}; in how many milliseconds others are to be
 * answered: {@code dtm.answer.millis}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileNetworkIT {
  private static final Duration ATTACK =
      Duration.ofSeconds(Integer.getInteger("dtm.attack.seconds", 1));

  /**
   * The aim is 1,000. Where a build's machine carries the attackers, the server and other work on
   * two cores, its own lack of breath must not fail it; what was measured is printed.
   */
  private static final Duration ANSWER_LIMIT =
      Duration.ofMillis(Integer.getInteger("dtm.answer.millis", 3_000));

  /** Time to close what the attackers left. */
  private static final Duration REST_LIMIT = Duration.ofSeconds(20);

  private static final int LINES_PER_SECOND_MAX = 20;
  private static final int RESIDENT_MIB_MAX = 700;

  /** Of the class: it is needed before the first test. */
  @TempDir private static Path folder = Path.of(".");

  private final HttpClient client = Api.newClient();
  private ServerProcess server;
  private ProcessVitals before;

  @BeforeAll
  void start() throws Exception {
    server =
        ServerProcess.start(
            "rocksdb:" + folder.resolve("data"),
            Map.of("TRANSFER_TIMEOUT", "5", "JAVA_TOOL_OPTIONS", "-XX:+ExitOnOutOfMemoryError"),
            folder.resolve("server.log"),
            client);
    var warmUp = new Bystander(server);
    warmUp.askUntil(System.nanoTime() + Duration.ofSeconds(3).toNanos());
    before = server.vitals();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void othersAreAnsweredDuringAnAttackOnTheHttpPort(HttpAttack attack) throws Exception {
    others(attack, server.baseUrl().getPort());
  }

  @ParameterizedTest
  @EnumSource
  void othersAreAnsweredDuringAnAttackOnTheGrpcPort(Http2Attack attack) throws Exception {
    others(attack, URI.create("grpc://" + server.grpcTarget()).getPort());
  }

  private void others(Attack attack, int port) throws Exception {
    long seed = System.nanoTime();
    var lines = server.logLines().size();
    var bystander = new Bystander(server);

    var target = new Attack.Target(port, System.nanoTime() + ATTACK.toNanos());
    try (var attackers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < attack.attackers(); i++) {
        var random = new Random(seed + i);
        attackers.execute(() -> attackUntilEnd(attack, target, random));
      }
      bystander.askUntil(target.end());
    }
    var peak = server.vitals();
    var log = server.logLines();
    awaitRest();

    System.out.printf(
        "HostileNetworkIT: %s %s, seed %d: %d others answered, half in %d ms, 95 %% in %d ms, slowest"
            + " %d ms, %d log lines, %s after it, %s at rest (%s before)%n",
        attack instanceof HttpAttack ? "HTTP" : "gRPC",
        attack.name(),
        seed,
        bystander.count(),
        bystander.percentile(50).toMillis(),
        bystander.percentile(95).toMillis(),
        bystander.slowest().toMillis(),
        log.size() - lines,
        peak,
        server.vitals(),
        before);
    assertThat(bystander.failures()).isEmpty();
    assertThat(bystander.count()).isGreaterThan(1);
    assertThat(bystander.percentile(95)).as("95 %% of the answers").isLessThan(ANSWER_LIMIT);
    assertThat(log.size() - lines)
        .as("lines of the log, the last: %s", log.isEmpty() ? "" : log.getLast())
        .isLessThan((int) ATTACK.toSeconds() * LINES_PER_SECOND_MAX);
    assertThat(peak.residentMib()).isLessThan(RESIDENT_MIB_MAX);
    assertThat(isAtRest(server.vitals())).as("%s (before: %s)", server.vitals(), before).isTrue();
  }

  private static void attackUntilEnd(Attack attack, Attack.Target target, Random random) {
    while (!target.isOver()) {
      try {
        attack.carryOut(target, random);
      } catch (IOException e) {
        // the server has cut it off; so once more
      }
      // Not as fast as a machine can: this one has to carry the server, too.
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private boolean isAtRest(ProcessVitals now) {
    return now.files() <= before.files() + 20 && now.threads() <= before.threads() + 20;
  }

  private void awaitRest() throws IOException {
    long end = System.nanoTime() + REST_LIMIT.toNanos();
    while (!isAtRest(server.vitals()) && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
