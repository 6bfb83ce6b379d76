package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.protocol.Paths;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dtm parked} and {@code dtm resume} against a real server. */
class ParkedCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofMillis(10);
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "BIND_HOST", "127.0.0.1",
          "HTTP_PORT", "0",
          "GRPC_PORT", "0",
          "STORE_DRIVER", "memory",
          "RETRY_MAX_ATTEMPTS", "1",
          "DRAIN_TIMEOUT", "0");

  private final Server server =
      Server.start(
          ServerConfig.from(SettingsLoader.load(Optional.empty(), ENVIRONMENT), ENVIRONMENT));
  private final String url = "http://127.0.0.1:" + server.httpPort();

  @AfterEach
  void stop() {
    server.close();
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(Map.of(), arguments);
  }

  /** Sagas whose participant is not there: each is parked before its submit is answered. */
  private void park(String... gids) throws IOException {
    int port;
    try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (var api = new ServerApi(url)) {
      for (var gid : gids) {
        var step = Map.of("action", "http://127.0.0.1:%d/do".formatted(port));
        var saga =
            Map.of(
                "gid", gid, "trans_type", "saga", "steps", List.of(step), "payloads", List.of(""));
        var unused = api.post(Paths.SUBMIT, saga);
        awaitParked(api, gid);
      }
    }
  }

  private static void awaitParked(ServerApi api, String gid) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      if (api.get(Paths.QUERY + "?gid=" + gid).at("/transaction/parked_since").isTextual()) {
        return;
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    throw new AssertionError(gid + ": not parked");
  }

  @Test
  void listsWhatIsParkedAndWhy() throws Exception {
    park("g1", "g2");

    var run = run("parked", "--server", url);

    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList())
        .hasSize(3)
        .satisfies(lines -> {
          assertThat(lines.get(0)).matches("gid +type +status +parked since +reason");
          assertThat(lines.get(1))
              .matches("g1 +saga +submitted +\\S+ +failed attempts in a row: 1 .*127.0.0.1.*");
        });
    assertThat(run("parked", "--server", url, "--limit", "1").out()).contains("and more");
    assertThat(run("parked", "--server", url, "--type", "tcc").out()).contains("nothing is parked");
  }

  @Test
  void countsAndResumesThoseThatMatch() throws Exception {
    park("g1", "g2", "g3");

    assertThat(run("resume", "--server", url, "--all", "--dry-run", "--rate", "1").out())
        .contains("3 would go on, within 3 s");
    assertThat(run("resume", "--server", url, "--all", "--destination", "other:80").out())
        .contains("nothing that matches is parked");
    var run = run("resume", "--server", url, "--all", "--limit", "2", "--rate", "1");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("2 go on, the last one in 1 s");
  }

  @Test
  void resumesThoseThatAreNamed() throws Exception {
    park("g1");

    var run = run("resume", "--server", url, "g1");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("g1 goes on");
    var unknown = run("resume", "--server", url, "nobody");
    assertThat(unknown.code()).isOne();
    assertThat(unknown.err()).contains("nobody", "HTTP 404").doesNotContain("\tat ");
  }

  @Test
  void saysSoWhenTheServerRefusesOrIsNotThere() throws Exception {
    assertThat(run("parked", "--server", url, "--type", "sage").err())
        .contains("transType: sage (expected: one of ");
    server.close();

    var run = run("parked", "--server", url);

    assertThat(run.code()).isOne();
    assertThat(run.err()).contains(url + ": no answer").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resume",
        "resume --all g1",
        "resume g1 --dry-run",
        "resume --all --rate 0",
        "parked --server ftp://x"
      })
  void whatIsNotUnderstoodEndsWithTwo(String line) {
    var run = run(line.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("expected", "Usage").doesNotContain("\tat ");
  }
}
