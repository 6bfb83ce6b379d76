package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec.Saga;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.engine.CommandOutcome;
import io.dtm.server.engine.CommandOutcome.Overloaded;
import io.dtm.server.engine.CommandOutcome.PassEnded;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeRepliesTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String SUCCESS = "{\"dtm_result\":\"SUCCESS\"}";

  private final Replies replies = new Replies();
  private final OutcomeReplies outcomes =
      new OutcomeReplies(replies, new TransactionMapper(replies, ZoneOffset.UTC));

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, '',                   200, ''",
    "SUCCEEDED, 'of old',             200, ''",
    "SUBMITTED, '',                   409, 'wait result not return success: FAILURE'",
    "ABORTING,  'Timeout after 3 seconds', 409, 'Timeout after 3 seconds FAILURE'",
    "FAILED,    'url:u return failed: no FAILURE', 409, 'url:u return failed: no FAILURE'",
    "FAILED,    'FAILURE',            409, 'FAILURE FAILURE'",
    "FAILED,    '',                   409, 'wait result not return success: FAILURE'"
  })
  void tellsHowAWaitedPassEnded(
      TransactionStatus status, String reason, int httpStatus, String message) {
    var reply = reply(new PassEnded(transaction(status, reason)));

    assertThat(reply.status()).isEqualTo(httpStatus);
    assertThat(body(reply))
        .isEqualTo(
            httpStatus == 200
                ? SUCCESS
                : "{\"dtm_result\":\"FAILURE\",\"message\":\"" + message + "\"}");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 1", "PT0.001S, 1", "PT1S, 1", "PT1.001S, 2", "PT30S, 30"})
  void saysAfterHowManySecondsToComeBack(Duration after, String seconds) {
    var reply = reply(new Overloaded(after));

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.headers()).containsEntry("Retry-After", seconds);
    assertThat(body(reply)).contains("overloaded").doesNotContain("dtm_result");
  }

  @Test
  void knowsTheTextsOfTheOtherModes() {
    assertThat(body(reply(new CommandOutcome.UnknownTopic("t"))))
        .isEqualTo("{\"message\":\"topic not found\"}");
    assertThat(body(reply(new CommandOutcome.Found(transaction(TransactionStatus.PREPARED, "")))))
        .startsWith("{\"progresses\":[],\"transaction\":{\"id\":0,");
  }

  private Reply reply(CommandOutcome outcome) {
    return outcomes.reply(
        new OutcomeReplies.Command(new Gid("g"), "saga", wrong -> "not now"), outcome);
  }

  private static String body(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static GlobalTransaction transaction(TransactionStatus status, String reason) {
    return new GlobalTransaction(
        new TransactionDefinition(
            new Gid("g"),
            new Saga(false, Map.of()),
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "",
            "",
            NOW),
        List.of(),
        new TransactionProgress(
            status,
            1,
            new Schedule(NOW, Duration.ofSeconds(10), 0, ""),
            NOW,
            status.isFinal() ? NOW : null,
            reason,
            ""));
  }
}
