package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real process, with a heap of 256 MiB, under more load than it can carry. For how many
 * seconds: the system property {@code dtm.overload.seconds}.
 */
class OverloadIT {
  private static final Duration LOAD =
      Duration.ofSeconds(Integer.getInteger("dtm.overload.seconds", 5));

  private static final int CAPACITY = 32;
  private static final Duration BRANCH_PAUSE = Duration.ofMillis(50);
  private static final int RESIDENT_MIB_MAX = 800;

  @TempDir private Path folder = Path.of(".");
  private final HttpClient client = Api.newClient();

  private ServerProcess start(Map<String, String> settings) throws Exception {
    var all = new HashMap<>(settings);
    all.put("JAVA_TOOL_OPTIONS", "-XX:+ExitOnOutOfMemoryError");
    return ServerProcess.start(
        "rocksdb:" + folder.resolve("data"), all, folder.resolve("server.log"), client);
  }

  @Test
  void whatIsAcceptedKeepsItsLatencyAndTheRestIsToldToComeBack() throws Exception {
    try (var participant = new SlowParticipant(BRANCH_PAUSE);
        var server = start(Map.of("MAX_RUNNING_SUBMISSIONS", Integer.toString(CAPACITY)))) {
      var api = new Api(client, server.baseUrl());
      new Submissions(api, participant, "warm").run(CAPACITY, Duration.ofSeconds(3));

      var within = new Submissions(api, participant, "within");
      within.run(CAPACITY, LOAD);
      System.out.printf("OverloadIT: at capacity: %s%n", within);
      var beyond = new Submissions(api, participant, "beyond");
      beyond.run(8 * CAPACITY, LOAD);
      System.out.printf("OverloadIT: 8 times as many clients: %s%n", beyond);

      assertThat(within.unexpected()).isEmpty();
      assertThat(beyond.unexpected()).isEmpty();
      assertThat(within.refused()).isEmpty();
      assertThat(beyond.refused()).isNotEmpty();
      assertThat(beyond.accepted()).isGreaterThan(within.accepted() / 3);
      assertThat(beyond.percentile(99))
          .isLessThan(within.percentile(99).multipliedBy(3).plusMillis(500));
      for (var gid : beyond.refused().stream().limit(200).toList()) {
        assertThat(api.status(gid)).startsWith("missing");
      }
    }
  }

  @Test
  void memoryStaysBoundedWhateverIsAskedForAtOnce() throws Exception {
    try (var participant = new SlowParticipant(BRANCH_PAUSE.multipliedBy(10));
        var server = start(Map.of())) {
      var load = new HeavyLoad(new Api(client, server.baseUrl()), server.grpcTarget(), participant);
      var bystander = new Bystander(server);
      var watching =
          Thread.ofVirtual()
              .start(() -> bystander.askUntil(System.nanoTime() + LOAD.multipliedBy(2).toNanos()));

      load.run(LOAD.multipliedBy(2));
      watching.join();
      var vitals = server.vitals();
      var afterwards = new Bystander(server);
      afterwards.askUntil(System.nanoTime() + Duration.ofSeconds(2).toNanos());

      System.out.printf(
          "OverloadIT: heavy load: %s; others answered half in %d ms, 95 %% in %d ms, after it in %d"
              + " and %d ms, %s%n",
          new TreeMap<>(load.answers()),
          bystander.percentile(50).toMillis(),
          bystander.percentile(95).toMillis(),
          afterwards.percentile(50).toMillis(),
          afterwards.percentile(95).toMillis(),
          vitals);
      assertThat(server.logLines()).noneMatch(line -> line.contains("java.lang.OutOfMemoryError"));
      assertThat(load.unexpected().stream().limit(5)).isEmpty();
      assertThat(afterwards.failures()).isEmpty();
      assertThat(load.answers()).containsKeys("slow 200", "small 200", "get 200");
      assertThat(vitals.residentMib()).isLessThan(RESIDENT_MIB_MAX);
    }
  }
}
