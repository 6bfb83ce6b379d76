package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.cli.FlawedParticipant.Flaw;
import io.dtm.examples.bank.Bank;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code dtm verify} against participants that are right, and wrong in one way each. */
@Timeout(60)
class VerifyCommandTest {
  private static CommandRun run(String... arguments) {
    return CommandRun.of(Map.of(), arguments);
  }

  private static CommandRun verifySaga(FlawedParticipant participant) {
    return run(
        "verify",
        participant.url("/forward"),
        participant.url("/undo"),
        "--state",
        participant.url("/state"));
  }

  private static CommandRun verifyTcc(FlawedParticipant participant) {
    return run(
        "verify",
        participant.url("/forward"),
        participant.url("/settle"),
        participant.url("/undo"),
        "--payload",
        "{}",
        "--state",
        participant.url("/state"));
  }

  @Test
  void theExampleBankKeepsEveryRuleAndThePagesShowHow() throws IOException {
    try (var bank = Bank.open(0, InstantSource.system(), call -> {})) {
      var run =
          run(
              "verify",
              bank.url() + "/TransOut",
              bank.url() + "/TransOutCompensate",
              "--payload",
              "{\"amount\":1}",
              "--state",
              bank.url() + "/accounts");

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains("8 rules: 0 broken, 0 not judged");
      assertThat(run.code()).isZero();
      for (var page : List.of("verify.md", "verify-cn.md")) {
        assertThat(Files.readString(Path.of("..", "docs", page)))
            .contains(run.out().replace(bank.url(), "http://127.0.0.1:8081"));
      }
    }
  }

  @Test
  void aRightTccKeepsEveryRule() throws IOException {
    try (var participant = new FlawedParticipant(Flaw.NONE)) {
      var run = verifyTcc(participant);

      assertThat(run.out())
          .contains("holds    confirm follows try", "11 rules: 0 broken, 0 not judged");
      assertThat(run.code()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FORWARD_WORKS_TWICE, a repeated action takes effect once, /balance -30 (expected: no change)",
    "REPETITION_IS_REFUSED, a repeated action takes effect once, HTTP 409 had that already",
    "FORWARD_LOOKS_BEFORE_IT_LOCKS, 20 times the same action at once take effect once, /balance -",
    "UNDO_DOES_NOTHING, compensate takes back what action did, /balance -30",
    "UNDO_WORKS_TWICE, a repeated compensate takes effect once, /balance +30",
    "UNDO_WITHOUT_FORWARD_WORKS, 'compensate without action changes nothing, and is done', +30",
    "UNDO_WITHOUT_FORWARD_FAILS, 'compensate without action changes nothing, and is done', HTTP"
        + " 500",
    "FORWARD_AFTER_UNDO_WORKS, action after its compensate takes no effect, /balance -30"
  })
  void theRuleThatASagasParticipantBreaksIsNamed(Flaw flaw, String rule, String seen)
      throws IOException {
    try (var participant = new FlawedParticipant(flaw)) {
      var run = verifySaga(participant);

      assertThat(run.code()).isOne();
      assertThat(run.out()).containsSubsequence("BROKEN   " + rule, seen);
      assertThat(run.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SETTLE_WORKS_TWICE, a repeated confirm takes effect once, /settled +1",
    "FORWARD_AFTER_UNDO_WORKS, try after its cancel takes no effect, /balance -30"
  })
  void theRuleThatATccsParticipantBreaksIsNamed(Flaw flaw, String rule, String seen)
      throws IOException {
    try (var participant = new FlawedParticipant(flaw)) {
      var run = verifyTcc(participant);

      assertThat(run.code()).isOne();
      assertThat(run.out()).containsSubsequence("BROKEN   " + rule, seen);
    }
  }

  @ParameterizedTest
  @CsvSource({"NONE, 11 rules: 0 broken, 0", "FORWARD_AFTER_UNDO_WORKS, BROKEN   try after, 1"})
  void aParticipantOverGrpcIsJudgedLikewise(Flaw flaw, String seen, int code) throws IOException {
    try (var participant = new FlawedParticipant(flaw);
        var grpc = new FlawedGrpcParticipant(participant)) {
      var run =
          run(
              "verify",
              grpc.method("forward"),
              grpc.method("settle"),
              grpc.method("undo"),
              "--payload-base64",
              "CgNhYmM=",
              "--header",
              "X-Token: secret",
              "--state",
              participant.url("/state"));

      assertThat(run.err()).isEmpty();
      assertThat(run.out()).contains(seen);
      assertThat(run.code()).isEqualTo(code);
    }
  }

  @Test
  void aMethodThatIsNotThereCannotBeJudged() throws IOException {
    try (var participant = new FlawedParticipant(Flaw.NONE);
        var grpc = new FlawedGrpcParticipant(participant)) {
      var run = run("verify", grpc.method("none"));

      assertThat(run.code()).isOne();
      assertThat(run.err()).contains("an ordinary action was answered unclear (gRPC UNKNOWN");
    }
  }

  @Test
  void aMessagesReceiverIsJudgedByRepetitionsOnly() throws IOException {
    try (var right = new FlawedParticipant(Flaw.NONE);
        var wrong = new FlawedParticipant(Flaw.FORWARD_LOOKS_BEFORE_IT_LOCKS)) {
      var kept = run("verify", right.url("/forward"), "--state", right.url("/state"));
      var broken = run("verify", wrong.url("/forward"), "--state", wrong.url("/state"));

      assertThat(kept.out()).contains("2 rules: 0 broken");
      assertThat(broken.out()).contains("1 broken").contains("(expected: /balance -30)");
    }
  }

  @Test
  void withoutAStateItJudgesByAnswersAndSaysSo() throws IOException {
    try (var participant = new FlawedParticipant(Flaw.FORWARD_AFTER_UNDO_WORKS);
        var failing = new FlawedParticipant(Flaw.UNDO_WITHOUT_FORWARD_FAILS)) {
      var run = run("verify", participant.url("/forward"), participant.url("/undo"));
      var broken = run("verify", failing.url("/forward"), failing.url("/undo"));

      assertThat(run.code()).isZero();
      assertThat(run.out())
          .contains(
              "effects not seen", "answers  a repeated action", "Only the answers were judged")
          .containsSubsequence("open     action after its compensate", "needs --state")
          .contains("0 broken, 2 not judged");
      assertThat(broken.code()).isOne();
    }
  }

  @Test
  void whatCannotBeJudgedEndsWithOneAndSaysWhy() throws IOException {
    try (var participant = new FlawedParticipant(Flaw.NONE)) {
      var refused = run("verify", participant.url("/none"), participant.url("/undo"));
      var blind =
          run("verify", participant.url("/forward"), "--state", participant.url("/undo?gid=1"));
      var wrongState =
          run("verify", participant.url("/settle"), "--state", participant.url("/other?gid=1"));

      assertThat(refused.code()).isOne();
      assertThat(refused.err()).contains("an ordinary action was answered unclear (HTTP 404");
      assertThat(blind.code()).isOne();
      assertThat(blind.err()).contains("an ordinary action changed nothing in it");
      assertThat(wrongState.code()).isOne();
      assertThat(wrongState.err()).contains("--state", "HTTP 404 (expected: 200)");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "verify",
        "verify ftp://x",
        "verify http://a http://b http://c http://d",
        "verify http://a --concurrent 1",
        "verify http://a --timeout 0",
        "verify http://a --header x",
        "verify a:1/Service",
        "verify http://a http://b --xa http://c",
        "verify http://a --xa c",
        "verify http://a --payload-base64 ***",
        "verify http://a --payload x --payload-base64 eA==",
        "verify http://a --state x"
      })
  void whatIsNotUnderstoodEndsWithTwo(String line) {
    var run = run(line.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("Usage: dtm verify").doesNotContain("\tat ");
  }
}
