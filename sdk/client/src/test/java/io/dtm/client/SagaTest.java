package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dtm.client.TransactionResult.Accepted;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SagaTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeManager manager = new FakeManager();
  private final TransactionClient client = TransactionClient.of(manager.url());

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void sendsWhatItIsMadeOfAndNothingElse() throws Exception {
    manager.succeeds();

    var result =
        client
            .saga("g1")
            .step("http://bank/TransOut", "http://bank/TransOutCompensate", Map.of("amount", 30))
            .step("http://bank/TransIn", "http://bank/TransInCompensate", new Transfer(30, "bob"))
            .submit();

    assertThat(result).isEqualTo(new Accepted("g1"));
    assertThat(manager.asked()).hasSize(1);
    assertThat(manager.asked().get(0).method()).isEqualTo("POST");
    assertThat(manager.asked().get(0).pathAndQuery()).isEqualTo("/api/dtmsvr/submit");
    assertSent(
        """
        {"gid":"g1","trans_type":"saga",
         "steps":[
           {"action":"http://bank/TransOut","compensate":"http://bank/TransOutCompensate"},
           {"action":"http://bank/TransIn","compensate":"http://bank/TransInCompensate"}],
         "payloads":["{\\"amount\\":30}","{\\"amount\\":30,\\"to\\":\\"bob\\"}"],
         "concurrent":false}
        """);
  }

  @Test
  void sendsEveryOptionInTheWordsOfTheWire() throws Exception {
    manager.succeeds();

    client
        .saga("g1")
        .step("http://a/1", "http://a/-1", 1)
        .step("http://a/2", Saga.NO_COMPENSATION)
        .rawStep("nacos://shop/3", "nacos://shop/-3", "<three/>")
        .concurrent()
        .after(2, 1, 0)
        .after(2, 0)
        .timeoutToFail(Duration.ofMinutes(1))
        .retryLimit(3)
        .retryInterval(Duration.ofSeconds(7))
        .requestTimeout(Duration.ofSeconds(2))
        .branchHeader("X-Tenant", "grün")
        .waitForResult()
        .submit();

    assertSent(
        """
        {"gid":"g1","trans_type":"saga",
         "steps":[
           {"action":"http://a/1","compensate":"http://a/-1"},
           {"action":"http://a/2","compensate":""},
           {"action":"nacos://shop/3","compensate":"nacos://shop/-3"}],
         "payloads":["1","","<three/>"],
         "custom_data":"{\\"orders\\":{\\"2\\":[0,1]},\\"concurrent\\":true}",
         "wait_result":true,"timeout_to_fail":60,"retry_limit":3,"retry_interval":7,
         "request_timeout":2,"branch_headers":{"X-Tenant":"grün"},"concurrent":false}
        """);
  }

  @Test
  void sendsTheSameAgainWhenItIsSubmittedAgain() {
    manager.succeeds().succeeds();
    var saga = client.saga().step("http://a/1", "http://a/-1", 1);

    saga.submit();
    saga.submit();

    assertThat(manager.asked().get(0)).isEqualTo(manager.asked().get(1));
    assertThat(manager.asked().get(0).body()).contains(saga.gid());
  }

  @Test
  void isAsItWasAfterAPayloadThatCannotBeWritten() {
    var saga = client.saga("g1").step("http://a/1", "http://a/-1", 1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> saga.step("http://a/2", "http://a/-2", new Object()))
        .withMessageStartingWith("payload: java.lang.Object cannot be written as JSON");

    manager.succeeds();
    saga.submit();
    assertThat(manager.asked().get(0).body()).doesNotContain("http://a/2");
  }

  @Test
  void needsAStep() {
    assertThatIllegalStateException()
        .isThrownBy(() -> client.saga("g1").submit())
        .withMessage("saga g1: no step (expected: 1 at least)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/TransOut", "bank/TransOut", "http://", "http://a/ b", "://x"})
  void refusesAnActionThatNoManagerCouldCall(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().step(url, Saga.NO_COMPENSATION))
        .withMessageStartingWith("actionUrl: '" + url + "' (expected: a complete URL");
  }

  @Test
  void refusesACompensationThatNoManagerCouldCall() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().step("http://a/1", "undo"))
        .withMessageStartingWith("compensateUrl: 'undo'");
  }

  @Test
  void refusesOrdersThatNameNoStepOrWouldNeverBeMet() {
    var saga = client.saga().step("http://a/1", "").step("http://a/2", "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> saga.after(2, 0))
        .withMessage("step: 2 (expected: 0 to 1, the steps added so far)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> saga.after(1, 1))
        .withMessage("predecessors: 1 (expected: 0 to 0, the steps added before step 1)");
  }

  @Test
  void refusesTimesThatTheWireCannotCarry() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().timeoutToFail(Duration.ofMillis(1_500)))
        .withMessage("timeout: PT1.5S (expected: whole seconds, 1 at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().retryInterval(Duration.ZERO))
        .withMessage("interval: PT0S (expected: whole seconds, 1 at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().retryLimit(-1))
        .withMessage("limit: -1 (expected: >= 0)");
  }

  @Test
  void refusesHeadersThatWouldBreakTheRequest() {
    assertThatIllegalArgumentException().isThrownBy(() -> client.saga().branchHeader("a b", "c"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga().branchHeader("a", "b\r\nc: d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a;b"})
  void refusesGidsThatAManagerWouldRefuseOrChange(String gid) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.saga(gid))
        .withMessageStartingWith("gid: ");
  }

  @Test
  void takesGidsUpToTheLengthThatManagersKeep() {
    assertThatCode(() -> client.saga("g".repeat(128))).doesNotThrowAnyException();
    assertThatIllegalArgumentException().isThrownBy(() -> client.saga("g".repeat(129)));
  }

  @Test
  void namesTheParameterThatIsNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> client.saga().step("http://a/1", "http://a/2", missing()))
        .withMessage("payload");
    assertThatNullPointerException()
        .isThrownBy(() -> client.saga().step(missing(), ""))
        .withMessage("actionUrl");
    assertThatNullPointerException().isThrownBy(() -> client.saga(missing())).withMessage("gid");
  }

  /** What a caller without a null checker may pass. */
  @SuppressWarnings({"TypeParameterUnusedInFormals", "NullAway"})
  private static <T> T missing() {
    @Nullable T nothing = null;
    return nothing;
  }

  private void assertSent(String expected) throws Exception {
    var sent = manager.asked().get(manager.asked().size() - 1).body();
    assertThat(JSON.readTree(sent)).isEqualTo(JSON.readTree(expected));
  }

  private record Transfer(long amount, String to) {}
}
