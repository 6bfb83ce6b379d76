package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers whose clocks are two hours apart, in different time zones, over one database: what either
 * of them promises about time holds by the clock of the database, which is that of the test.
 */
class ClocksIT {
  private static final Duration DELAY = Duration.ofSeconds(3);
  private static final Duration TIMEOUT_TO_FAIL = Duration.ofSeconds(4);
  private static final Duration LEASE = Duration.ofSeconds(10);

  /** A look for what is due, a call, and room for a busy machine; a clock is wrong by an hour. */
  private static final Duration ROOM = Duration.ofSeconds(15);

  private static final Pattern CREATED = Pattern.compile("\"create_time\":\"([^\"]+)\"");

  @TempDir Path folder;

  private final HttpClient client = Api.newClient();

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource(names = {"MYSQL", "POSTGRES", "REDIS"})
  void wrongClocksAndOtherZonesChangeNothing(StoreKind kind) throws Exception {
    try (var place = StorePlace.open(kind, folder.resolve("data"));
        var participant = new RecordingParticipant();
        var fast = launch(place, Duration.ofHours(1), "Asia/Shanghai");
        var slow = launch(place, Duration.ofHours(-1), "America/New_York")) {
      var servers = List.of(fast, slow);
      for (var server : servers) {
        server.awaitPing(client);
      }
      var apis = servers.stream().map(server -> new Api(client, server.baseUrl())).toList();
      var begun = Instant.now();

      var submittedAt = new HashMap<String, Long>();
      for (int i = 0; i < apis.size(); i++) {
        submit(apis.get(i), submittedAt, delayed("delayed-" + i, participant));
        submit(apis.get(i), submittedAt, prepared("prepared-" + i));
        submit(apis.get(i), submittedAt, branch("prepared-" + i, participant));
        submit(apis.get(i), submittedAt, held("held-" + i, participant));
      }

      for (int i = 0; i < apis.size(); i++) {
        assertThat(firstCallAfter(participant, "delayed-" + i, submittedAt))
            .as("%s: delay", i)
            .isBetween(DELAY.minusMillis(50), DELAY.plus(ROOM));
        assertThat(firstCallAfter(participant, "prepared-" + i, submittedAt))
            .as("%s: time-out", i)
            .isBetween(TIMEOUT_TO_FAIL.minusMillis(1_050), TIMEOUT_TO_FAIL.plus(ROOM));
        // A lease that another clock took for over would have brought a second call at once.
        assertThat(participant.calls("held-" + i)).containsExactly("01 action");
      }
      assertThatAllTellTheSameTimes(apis, begun);
      assertThatLeasesHoldTheirTime(fast, apis.getLast(), participant);
    }
  }

  /** When transactions were created, and which were created within a span of time. */
  private static void assertThatAllTellTheSameTimes(List<Api> apis, Instant begun)
      throws Exception {
    for (var api : apis) {
      for (int i = 0; i < apis.size(); i++) {
        var created = CREATED.matcher(api.get("/api/dtmsvr/query?gid=delayed-" + i));
        assertThat(created.find()).isTrue();
        assertThat(OffsetDateTime.parse(created.group(1)).toInstant())
            .isCloseTo(begun, within(ROOM.toSeconds(), ChronoUnit.SECONDS));
      }
      long from = begun.minusSeconds(60).toEpochMilli();
      long to = begun.plusSeconds(60).toEpochMilli();
      assertThat(listed(api, from, to)).isEqualTo(3 * apis.size());
      assertThat(listed(api, from - 3_600_000, from)).isZero();
      assertThat(listed(api, to, to + 3_600_000)).isZero();
      assertThat(api.nodes()).hasSize(apis.size());
    }
  }

  private static long listed(Api api, long from, long to) throws Exception {
    var page =
        api.get(
            "/api/dtmsvr/all?limit=100&createTimeStart=%d&createTimeEnd=%d".formatted(from, to));
    return CREATED.matcher(page).results().count();
  }

  /** Held transactions of a killed server are taken over when its lease is over, not before. */
  private void assertThatLeasesHoldTheirTime(
      ServerProcess victim, Api other, RecordingParticipant participant) throws Exception {
    var gids = new ArrayList<String>();
    var submittedAt = new HashMap<String, Long>();
    for (int i = 0; i < 10; i++) {
      var gid = "left-" + i;
      gids.add(gid);
      submit(new Api(client, victim.baseUrl()), submittedAt, hanging(gid, participant));
    }
    for (var gid : gids) {
      awaitCalls(participant, gid, 1, ROOM);
    }
    victim.kill();
    for (var gid : gids) {
      awaitCalls(participant, gid, 2, LEASE.plus(ROOM));
      var calls = participant.callsWithTimes(gid);
      assertThat(Duration.ofNanos(calls.get(1).atNanos() - submittedAt.get(gid)))
          .isBetween(LEASE.minusMillis(50), LEASE.plusSeconds(1).plus(ROOM));
    }
    assertThat(other.status("left-0")).isEqualTo("submitted");
  }

  private ServerProcess launch(StorePlace place, Duration fast, String zone) throws Exception {
    var classes = ServerWithWrongClock.class.getProtectionDomain().getCodeSource().getLocation();
    var program =
        new ServerProcess.Program(
            Path.of(classes.toURI()).toString(),
            ServerWithWrongClock.class.getName(),
            List.of(fast.toString()));
    return ServerProcess.launch(
        program,
        place.url(),
        Map.of("TZ", zone),
        folder.resolve("clock%s.log".formatted(fast)),
        ServerProcess.Ports.free());
  }

  private static void submit(Api api, Map<String, Long> submittedAt, Flow.Request request)
      throws Exception {
    var gid = request.body().split("\"", -1)[3];
    submittedAt.putIfAbsent(gid, System.nanoTime());
    var reply = api.post(request);
    assertThat(reply.statusCode()).as("%s: %s", request, reply.body()).isEqualTo(200);
  }

  private static Flow.Request delayed(String gid, RecordingParticipant participant) {
    return new Flow.Request(
        "submit",
        """
        {"gid":"%s","trans_type":"msg","payloads":["{}"],"steps":[{"action":"%s"}],
        "custom_data":"{\\"delay\\":%d}"}\
        """
            .formatted(gid, participant.url("/delayed"), DELAY.toSeconds()));
  }

  private static Flow.Request prepared(String gid) {
    return new Flow.Request(
        "prepare",
        "{\"gid\":\"%s\",\"trans_type\":\"tcc\",\"timeout_to_fail\":%d}"
            .formatted(gid, TIMEOUT_TO_FAIL.toSeconds()));
  }

  private static Flow.Request branch(String gid, RecordingParticipant participant) {
    return new Flow.Request(
        "registerBranch",
        """
        {"gid":"%s","trans_type":"tcc","branch_id":"01","confirm":"%s","cancel":"%s","data":"{}"}\
        """
            .formatted(gid, participant.url("/confirm"), participant.url("/cancel")));
  }

  private static Flow.Request held(String gid, RecordingParticipant participant) {
    return saga(gid, participant.url("/held"));
  }

  private static Flow.Request hanging(String gid, RecordingParticipant participant) {
    return saga(gid, participant.url("/hanging"));
  }

  private static Flow.Request saga(String gid, String url) {
    return new Flow.Request(
        "submit",
        "{\"gid\":\"%s\",\"trans_type\":\"saga\",\"payloads\":[\"{}\"],\"steps\":[{\"action\":\"%s\"}]}"
            .formatted(gid, url));
  }

  private static Duration firstCallAfter(
      RecordingParticipant participant, String gid, Map<String, Long> submittedAt) {
    awaitCalls(participant, gid, 1, TIMEOUT_TO_FAIL.plus(ROOM).plus(ROOM));
    long called = participant.callsWithTimes(gid).getFirst().atNanos();
    return Duration.ofNanos(called - submittedAt.get(gid));
  }

  private static void awaitCalls(
      RecordingParticipant participant, String gid, int count, Duration limit) {
    var deadline = System.nanoTime() + limit.toNanos();
    while (participant.calls(gid).size() < count) {
      assertThat(System.nanoTime())
          .as("%s: %d calls within %s, so far %s", gid, count, limit, participant.calls(gid))
          .isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
