package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeAnswersTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String PROTO =
      "your http/grpc result should be specified as in:\\n"
          + "http://d.dtm.pub/practice/arch.html#proto\\nunkown result will be retried:";
  private static final String SUCCESS = "{\"dtm_result\":\"SUCCESS\"}";

  private final Replies replies = new Replies();
  private final OutcomeAnswers outcomes =
      new OutcomeAnswers(new TransactionMapper(replies, ZoneOffset.UTC));

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // mode, status, what left a branch open, HTTP status, result, message
        "MESSAGE | SUCCEEDED | -        | 200 | SUCCESS | -",
        "MESSAGE | SUBMITTED | -        | 409 | FAILURE | wait result not return success: FAILURE",
        "MESSAGE | SUBMITTED | ongoing  | 409 | FAILURE | wait result not return success: FAILURE",
        "MESSAGE | SUBMITTED | deferred | 409 | FAILURE | wait result not return success: FAILURE",
        "MESSAGE | SUBMITTED | refused  | 409 | FAILURE | PROTO no money FAILURE",
        "MESSAGE | SUBMITTED | unclear  | 500 | -       | PROTO connection reset",
        "MESSAGE | FAILED    | unclear  | 409 | FAILURE | force stopped FAILURE",
        "TCC     | SUCCEEDED | -        | 200 | SUCCESS | -",
        "TCC     | SUBMITTED | ongoing  | 425 | ONGOING | ONGOING",
        "TCC     | SUBMITTED | deferred | 425 | ONGOING | ONGOING",
        "TCC     | SUBMITTED | refused  | 409 | FAILURE | PROTO no money FAILURE",
        "TCC     | SUBMITTED | unclear  | 500 | -       | PROTO connection reset",
        "XA      | SUBMITTED | ongoing  | 425 | ONGOING | ONGOING",
        "XA      | SUBMITTED | refused  | 409 | FAILURE | PROTO no money FAILURE",
        "XA      | SUBMITTED | unclear  | 500 | -       | PROTO connection reset",
        "XA      | SUBMITTED | -        | 409 | FAILURE | wait result not return success: FAILURE",
        "SAGA    | SUBMITTED | unclear  | 409 | FAILURE | wait result not return success: FAILURE",
        "SAGA    | SUBMITTED | ongoing  | 409 | FAILURE | wait result not return success: FAILURE"
      })
  void tellsWhatLeftAWaitedSubmitOpen( // D24
      TransactionMode mode,
      TransactionStatus status,
      @Nullable String unsettled,
      int httpStatus,
      @Nullable String result,
      @Nullable String message) {
    var reason = status == TransactionStatus.FAILED ? "force stopped" : "";

    var reply = reply(new PassEnded(transaction(mode, status, reason), result(unsettled)));

    assertAnswer(reply, httpStatus, result, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "FAILED   | -        | 200 | SUCCESS | -",
        "ABORTING | -        | 200 | SUCCESS | -",
        "ABORTING | ongoing  | 425 | ONGOING | ONGOING",
        "ABORTING | refused  | 409 | FAILURE | PROTO no money FAILURE",
        "ABORTING | unclear  | 500 | -       | PROTO connection reset"
      })
  void tellsHowAWaitedAbortEnded(
      TransactionStatus status,
      @Nullable String unsettled,
      int httpStatus,
      @Nullable String result,
      @Nullable String message) {
    var outcome =
        new PassEnded(transaction(TransactionMode.TCC, status, "because"), result(unsettled));

    assertAnswer(reply(TransactionStatus.FAILED, "tcc", outcome), httpStatus, result, message);
  }

  @Test
  void doesNotDoubleTheWordAtTheEndOfARefusal() {
    var refused = new BranchResult.Refused("no FAILURE");

    var reply =
        reply(
            new PassEnded(
                transaction(TransactionMode.XA, TransactionStatus.SUBMITTED, ""), refused));

    assertThat(body(reply)).endsWith("retried: no FAILURE\"}");
  }

  @Test
  void tellsAWorkflowThatAStepExistsWithoutTheWordThatWouldTurnItBack() {
    var exists = new CommandOutcome.BranchExists("01", Operation.ACTION);

    var workflow = reply(TransactionStatus.SUCCEEDED, "workflow", exists);
    var tcc = reply(TransactionStatus.SUCCEEDED, "tcc", exists);

    assertThat(workflow.status()).isEqualTo(409);
    assertThat(body(workflow))
        .isEqualTo("{\"message\":\"branch 01 action: exists with other content\"}");
    assertThat(tcc.status()).isEqualTo(409);
    assertThat(body(tcc))
        .isEqualTo(
            "{\"dtm_result\":\"FAILURE\","
                + "\"message\":\"branch 01 action: exists with other content. FAILURE\"}");
  }

  private static @Nullable BranchResult result(@Nullable String word) {
    return switch (word) {
      case null -> null;
      case "ongoing" -> new BranchResult.Ongoing();
      case "deferred" -> new BranchResult.Deferred("too many calls");
      case "refused" -> new BranchResult.Refused("no money");
      case "unclear" -> new BranchResult.Unclear("connection reset");
      default -> throw new IllegalArgumentException(word);
    };
  }

  private static void assertAnswer(
      Reply reply, int httpStatus, @Nullable String result, @Nullable String message) {
    var said = message == null ? null : message.replace("PROTO", PROTO);
    var members =
        Stream.of(
                result == null ? "" : "\"dtm_result\":\"" + result + "\"",
                said == null ? "" : "\"message\":\"" + said + "\"")
            .filter(member -> !member.isEmpty())
            .toList();
    assertThat(body(reply)).isEqualTo("{" + String.join(",", members) + "}");
    assertThat(reply.status()).isEqualTo(httpStatus);
  }

  private Reply reply(CommandOutcome outcome) {
    return reply(TransactionStatus.SUCCEEDED, "saga", outcome);
  }

  private Reply reply(TransactionStatus aim, String transType, CommandOutcome outcome) {
    var command = new OutcomeAnswers.Command(new Gid("g"), transType, aim, wrong -> "not now");
    return replies.of(outcomes.answer(command, outcome));
  }

  private static String body(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  private static GlobalTransaction transaction(TransactionStatus status, String reason) {
    return transaction(TransactionMode.SAGA, status, reason);
  }

  private static GlobalTransaction transaction(
      TransactionMode mode, TransactionStatus status, String reason) {
    return new GlobalTransaction(
        new TransactionDefinition(
            new Gid("g"),
            spec(mode),
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

  private static TransactionSpec spec(TransactionMode mode) {
    return switch (mode) {
      case SAGA -> new TransactionSpec.Saga(false, Map.of());
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE -> new TransactionSpec.Message(Duration.ZERO);
      case WORKFLOW -> new TransactionSpec.Workflow("w", Payload.empty());
    };
  }
}
