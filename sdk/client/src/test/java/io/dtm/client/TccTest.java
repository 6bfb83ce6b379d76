package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dtm.client.FakeManager.Asked;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class TccTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Integer> TRANSFER = Map.of("amount", 30);

  private final FakeManager manager = new FakeManager();
  private final FakeManager bank = new FakeManager();
  private final TransactionClient client = TransactionClient.of(manager.url());

  @AfterEach
  void close() {
    manager.close();
    bank.close();
  }

  @Test
  void preparesRegistersTriesAndSubmits() throws Exception {
    manager.succeeds().succeeds().succeeds();
    bank.answers(200, "tried");

    var result =
        client
            .tcc("g1")
            .timeoutToFail(Duration.ofMinutes(1))
            .run(branches -> assertThat(branch(branches).text()).isEqualTo("tried"));

    assertThat(result).isEqualTo(new Accepted("g1"));
    assertThat(paths(manager))
        .containsExactly("/api/dtmsvr/prepare", "/api/dtmsvr/registerBranch", "/api/dtmsvr/submit");
    var transaction =
        "{\"gid\":\"g1\",\"trans_type\":\"tcc\",\"timeout_to_fail\":60,\"concurrent\":false}";
    assertThat(JSON.readTree(manager.asked().get(0).body())).isEqualTo(JSON.readTree(transaction));
    assertThat(manager.asked().get(2).body()).isEqualTo(manager.asked().get(0).body());
    assertThat(JSON.readTree(manager.asked().get(1).body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"gid":"g1","trans_type":"tcc","branch_id":"01","data":"{\\"amount\\":30}",
                 "confirm":"http://bank/confirm","cancel":"http://bank/cancel"}
                """));
  }

  @Test
  void callsTheTryAsAManagerWouldAndSaysWhereToComeBack() {
    manager.succeeds().succeeds().succeeds();
    bank.answers(200, "");

    var unused = client.tcc("g1").run(this::branch);

    var asked = bank.asked().get(0);
    assertThat(asked.method()).isEqualTo("POST");
    assertThat(asked.body()).isEqualTo("{\"amount\":30}");
    assertThat(
            BranchRequest.fromQuery(
                asked.pathAndQuery().substring(asked.pathAndQuery().indexOf('?') + 1)))
        .isEqualTo(
            new BranchRequest(
                "g1", TransactionMode.TCC, "01", "try", manager.url() + "/api/dtmsvr", ""));
  }

  @Test
  void abortsWithTheReasonOfARefusal() throws Exception {
    manager.succeeds().succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));
    bank.answers(409, "account frozen");

    var result = client.tcc("g1").run(this::branch);

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(paths(manager).get(2)).isEqualTo("/api/dtmsvr/abort");
    assertThat(JSON.readTree(manager.asked().get(2).body()).path("rollback_reason").asText())
        .isEqualTo(bank.url() + "/try refused: account frozen");
  }

  @Test
  void takesAnExceptionThatWrapsARefusalForTheRefusal() {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));

    var result =
        client
            .tcc("g1")
            .run(branches -> {
              throw new IllegalStateException("of a library", new BranchRefused("no"));
            });

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(manager.asked().get(1).body()).contains("\"rollback_reason\":\"no\"");
  }

  @Test
  void cutsAReasonThatIsTooLong() throws Exception {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));

    var unused =
        client
            .tcc("g1")
            .run(branches -> {
              throw new BranchRefused("x".repeat(5_000));
            });

    assertThat(JSON.readTree(manager.asked().get(1).body()).path("rollback_reason").asText())
        .hasSize(1_001)
        .endsWith("…");
  }

  @Test
  void letsAnExceptionOutEvenWhenTheManagerIsGone() {
    manager.succeeds().answers(503, "{\"message\":\"busy\"}");

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() ->
            client
                .tcc("g1")
                .run(branches -> {
                  throw new InterruptedException("enough");
                }))
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .singleElement()
                .isInstanceOf(TransactionManagerUnavailable.class));
  }

  @Test
  void turnsBackThoughItsThreadIsInterrupted() {
    manager.succeeds().succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() ->
            client
                .tcc("g1")
                .run(branches -> {
                  Thread.currentThread().interrupt();
                  branch(branches);
                }))
        .withMessage("interrupted while waiting for the answer");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(manager.isAsked("/api/dtmsvr/abort", Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void runsNothingWhenItCannotBePrepared() {
    manager.answers(503, "{\"message\":\"busy\"}");

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() ->
            client
                .tcc("g1")
                .run(branches -> {
                  throw new AssertionError("run");
                }));
  }

  @Test
  void tellsWhatCameOfATransactionThatWasDecidedBefore() {
    manager.answers(409, "{\"message\":\"current status 'succeed', cannot prepare. FAILURE\"}");
    manager.answers(200, FakeManager.description("g1", "tcc", "succeed"));

    var result =
        client
            .tcc("g1")
            .run(branches -> {
              throw new AssertionError("run");
            });

    assertThat(result).isEqualTo(new Succeeded("g1"));
  }

  @ParameterizedTest
  @CsvSource({
    "409,{\"message\":\"frozen\"},BranchRefused,refused: frozen",
    "200,{\"dtm_result\":\"FAILURE\"},BranchRefused,refused",
    "200,FAILURE,BranchRefused,refused: FAILURE",
    "425,later,BranchOngoing,is still at work: later",
    "409,ONGOING,BranchOngoing,is still at work: ONGOING",
    "200,{\"dtm_result\":\"ONGOING\"},BranchOngoing,is still at work",
    "500,oops,BranchUnclear,answered 500: oops",
    "201,created,BranchUnclear,answered 201: created"
  })
  void readsAnAnswerByItsStatusOrItsWord(
      int status, String body, String exception, String message) {
    manager.succeeds().succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));
    bank.answers(status, body);

    var unused =
        client
            .tcc("g1")
            .run(branches ->
                assertThatExceptionOfType(BranchException.class)
                    .isThrownBy(() -> branch(branches))
                    .withMessageContaining(message)
                    .satisfies(e -> assertThat(e.getClass().getSimpleName()).isEqualTo(exception)));
  }

  @Test
  void callsWhateverAddressAManagerCouldCall() {
    manager.succeeds().succeeds().succeeds();
    bank.answers(200, "");

    var unused =
        client
            .tcc("g1")
            .branchHeader("Host", "elsewhere")
            .branchHeader("Content-Length", "7")
            .run(branches ->
                branches.branch(
                    bank.url() + "/{id}/Ü?a=b#top", "http://bank/c", "http://bank/x", TRANSFER));

    assertThat(bank.asked().get(0).pathAndQuery())
        .startsWith("/%7Bid%7D/%C3%9C?a=b&dtm=")
        .endsWith("&branch_id=01&gid=g1&op=try&trans_type=tcc");
  }

  @Test
  void anAddressThatNobodyCouldCallIsUnclear() {
    manager.succeeds().succeeds().succeeds();

    var unused =
        client
            .tcc("g1")
            .run(branches ->
                assertThatExceptionOfType(BranchUnclear.class)
                    .isThrownBy(() ->
                        branches.branch("http://b/%zz?a", "http://b/c", "http://b/x", TRANSFER))
                    .withMessage(
                        "http://b/%zz?***: not to be called over HTTP (expected: such as"
                            + " http://10.0.0.7:8080/debit)"));
  }

  @Test
  void refusesAHeaderThatNoCallCouldCarry() {
    var parent = BranchRequest.of("g1", TransactionMode.TCC, "01", "try");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.tcc().branchHeader("X-Name", "名"))
        .withMessage(
            "value: contains a character that no header can have (expected: Latin-1; encode"
                + " others)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.nestedTcc(parent, Map.of("X Name", "n")));
  }

  @Test
  void aParticipantThatIsAwayIsUnclear() {
    manager.succeeds().succeeds().succeeds();
    var nobody = FakeManager.nobody();

    var unused =
        client
            .tcc("g1")
            .run(branches ->
                assertThatExceptionOfType(BranchUnclear.class)
                    .isThrownBy(
                        () -> branches.branch(nobody, "http://bank/c", "http://bank/x", TRANSFER))
                    .withMessage(
                        nobody + ": cannot be reached (is the participant running there?)"));
  }

  @Test
  void nestedBranchesCarryTheIdOfTheirParent() {
    manager.succeeds();
    bank.answers(200, "");
    var parent = BranchRequest.of("g1", TransactionMode.TCC, "02", "try");

    branch(client.nestedTcc(parent, Map.of("X-Tenant", "green")));

    assertThat(manager.asked().get(0).body()).contains("\"branch_id\":\"0201\"");
    assertThat(bank.asked().get(0).pathAndQuery()).contains("branch_id=0201");
  }

  @Test
  void onlyATryCanHaveBranchesOfItsOwn() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> client.nestedTcc(BranchRequest.of("g1", TransactionMode.TCC, "02", "confirm")))
        .withMessage(
            "parent: confirm of a tcc (expected: try of a tcc, for only that can have branches of"
                + " its own)");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            client.nestedTcc(BranchRequest.of("g1", TransactionMode.TCC, "01".repeat(10), "try")))
        .withMessageContaining("expected: fewer than 20 digits");
  }

  @Test
  void aParentHasNoMoreThanNinetyNineBranches() {
    var xa = client.nestedXa(BranchRequest.of("g1", TransactionMode.XA, "01", "action"));
    for (int i = 1; i <= 99; i++) {
      assertThat(xa.next("http://bank/x").branchId()).isEqualTo("01%02d".formatted(i));
    }

    assertThatIllegalStateException()
        .isThrownBy(() -> xa.next("http://bank/x"))
        .withMessage("branches: 100 (expected: at most 99 of one parent)");
  }

  @Test
  void bytesThatAreNoTextNeedAnotherTransport() {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "tcc", "failed"));
    var bytes = Payload.of(new byte[] {(byte) 0xFF});

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            client
                .tcc("g1")
                .run(branches -> branches.branch("http://a/t", "http://a/c", "http://a/x", bytes)))
        .withMessageContaining("only gRPC carries other bytes");
  }

  private Payload branch(TccBranches branches) {
    return branches.branch(
        bank.url() + "/try", "http://bank/confirm", "http://bank/cancel", TRANSFER);
  }

  private static List<String> paths(FakeManager manager) {
    return manager.asked().stream().map(Asked::pathAndQuery).toList();
  }
}
