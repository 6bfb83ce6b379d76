package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.cli.FlawedXaParticipant.Flaw;
import io.dtm.client.TransactionClient;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code dtm verify --xa} against participants that are right, and wrong in one way each. */
@Timeout(60)
class VerifyXaCommandTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "BIND_HOST", "127.0.0.1",
          "HTTP_PORT", "0",
          "GRPC_PORT", "0",
          "STORE_DRIVER", "memory",
          "DRAIN_TIMEOUT", "0");
  private static final Server SERVER =
      Server.start(
          ServerConfig.from(SettingsLoader.load(Optional.empty(), ENVIRONMENT), ENVIRONMENT));
  private static final String MANAGER = "http://127.0.0.1:" + SERVER.httpPort();

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  private static CommandRun verify(FlawedXaParticipant participant) {
    return CommandRun.of(
        Map.of(),
        "verify",
        participant.url("/xa"),
        "--xa",
        MANAGER,
        "--payload",
        "{}",
        "--state",
        participant.url("/state"));
  }

  private static FlawedXaParticipant participant(Flaw flaw) throws IOException {
    return new FlawedXaParticipant(flaw, TransactionClient.of(MANAGER));
  }

  @Test
  void aRightParticipantKeepsEveryRule() throws IOException {
    try (var participant = participant(Flaw.NONE)) {
      var run = verify(participant);

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains("a branch of type xa", "9 rules: 0 broken, 0 not judged");
      assertThat(run.code()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ACTION_WORKS_AT_ONCE, action takes no effect before its commit, /balance -30",
    "ACTION_PREPARES_TWICE, a repeated action takes effect once, /balance -60",
    "COMMIT_WORKS_TWICE, a repeated commit takes effect once, /balance -30",
    "ROLLBACK_DOES_NOTHING, rollback takes back what action prepared, /balance -30",
    "ROLLBACK_WITHOUT_ACTION_FAILS, 'rollback without action changes nothing, and', HTTP 500",
    "ACTION_AFTER_ROLLBACK_PREPARES, action after its rollback prepares nothing, /balance -30"
  })
  void theRuleThatIsBrokenIsNamed(Flaw flaw, String rule, String seen) throws IOException {
    try (var participant = participant(flaw)) {
      var run = verify(participant);

      assertThat(run.out()).containsSubsequence("BROKEN   " + rule, seen);
      assertThat(run.code()).isOne();
    }
  }

  @Test
  void aServerThatIsNotThereIsSaid() throws IOException {
    try (var participant = participant(Flaw.NONE)) {
      var run =
          CommandRun.of(
              Map.of(), "verify", participant.url("/xa"), "--xa", participant.url("/nobody"));

      assertThat(run.code()).isOne();
      assertThat(run.err()).contains("the manager: ");
    }
  }
}
