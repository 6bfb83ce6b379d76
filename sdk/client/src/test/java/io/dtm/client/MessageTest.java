package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.RolledBack;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MessageTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final FakeManager manager = new FakeManager();
  private final FakeManager sender = new FakeManager();
  private final FakeConnection database = new FakeConnection();
  private final TransactionClient client = TransactionClient.of(manager.url());

  @AfterEach
  void close() {
    manager.close();
    sender.close();
  }

  @Test
  void sendsEveryOptionInTheWordsOfTheWire() throws Exception {
    manager.succeeds();

    client
        .message("g1")
        .step("http://bank/TransIn", Map.of("amount", 30))
        .topic("orders", Payload.of("<order/>"))
        .step("http://bank/Ping")
        .concurrent()
        .delay(Duration.ofSeconds(5))
        .checkBackAfter(Duration.ofSeconds(6))
        .retryFactor(3)
        .retryMaxInterval(Duration.ofSeconds(7))
        .retryMaxAttempts(8)
        .retryMaxAge(Duration.ofSeconds(9))
        .submit();

    assertThat(JSON.readTree(manager.asked().get(0).body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"gid":"g1","trans_type":"msg",
                 "steps":[{"action":"http://bank/TransIn"},{"action":"topic://orders"},
                          {"action":"http://bank/Ping"}],
                 "payloads":["{\\"amount\\":30}","<order/>",""],
                 "custom_data":"{\\"delay\\":5}","timeout_to_fail":6,"concurrent":true,
                 "retry_factor":3,"retry_max_interval":7,"retry_max_attempts":8,"retry_max_age":9}
                """));
  }

  @Test
  void writesTheRecordWorksCommitsAndSubmits() throws Exception {
    manager.succeeds().succeeds();

    var result = send(connection -> database.log("work"));

    assertThat(result).isEqualTo(new Accepted("g1"));
    assertThat(database.log())
        .containsExactly("autoCommit false", "record g1", "work", "commit", "autoCommit true");
    assertThat(paths()).containsExactly("/api/dtmsvr/prepare", "/api/dtmsvr/submit");
    assertThat(manager.asked().get(0).body())
        .contains("\"query_prepared\":\"" + sender.url() + "/committed\"");
  }

  @Test
  void leavesAConnectionThatCommitsOnDemandAsItIs() throws Exception {
    manager.succeeds().succeeds();
    database.autoCommit(false);

    send(connection -> {});

    assertThat(database.log()).containsExactly("record g1", "commit");
  }

  @Test
  void dropsTheMessageWhenTheWorkFails() {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "msg", "failed"));

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() ->
            send(connection -> {
              throw new SQLException("no such table");
            }))
        .withMessage("no such table");

    assertThat(database.log())
        .containsExactly("autoCommit false", "record g1", "rollback", "autoCommit true");
    assertThat(paths().get(1)).isEqualTo("/api/dtmsvr/abort");
  }

  @Test
  void aRefusalOfTheWorkIsAnOutcome() throws Exception {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "msg", "failed"));

    var result =
        send(connection -> {
          throw new BranchRefused("too little money");
        });

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(manager.asked().get(1).body()).contains("\"rollback_reason\":\"too little money\"");
  }

  @Test
  void asksTheSenderWhenTheCommitIsUnclear() throws Exception {
    manager.succeeds().succeeds();
    sender.answers(200, "");
    database.failCommit();

    var result = send(connection -> {});

    assertThat(result).isEqualTo(new Accepted("g1"));
    assertThat(sender.asked().get(0).method()).isEqualTo("GET");
    assertThat(sender.asked().get(0).pathAndQuery())
        .isEqualTo("/committed?branch_id=00&gid=g1&op=msg&trans_type=msg");
  }

  @Test
  void dropsTheMessageWhenTheCommitTurnsOutToHaveFailed() {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "msg", "failed"));
    sender.answers(409, "");
    database.failCommit();

    assertThatExceptionOfType(SQLException.class).isThrownBy(() -> send(connection -> {}));

    assertThat(paths().get(1)).isEqualTo("/api/dtmsvr/abort");
  }

  @Test
  void leavesTheDecisionToTheManagerWhenNobodyKnows() {
    manager.succeeds();
    sender.answers(500, "");
    database.failCommit();

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() -> send(connection -> {}))
        .satisfies(
            e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(BranchUnclear.class));

    assertThat(paths()).containsExactly("/api/dtmsvr/prepare");
  }

  @Test
  void tellsWhatCameOfTheMessageThoughItsConnectionBrokeAtTheCommit() throws Exception {
    manager.succeeds().succeeds();
    sender.answers(200, "");

    var result = send(connection -> database.breakDown());

    assertThat(result).isEqualTo(new Accepted("g1"));
  }

  @Test
  void neverCommitsWhatItCouldNotRollBack() {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "msg", "failed"));

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() ->
            send(connection -> {
              database.breakDown();
              throw new SQLException("no such table");
            }))
        .withMessage("no such table");

    assertThat(database.log()).containsExactly("autoCommit false", "record g1");
  }

  @Test
  void neverDropsAMessageWhoseRecordIsThereWhileNobodyKnowsWhoWroteIt() {
    manager.succeeds();
    sender.answers(500, "");
    database.hasRecord();

    assertThatExceptionOfType(BranchUnclear.class).isThrownBy(() -> send(connection -> {}));

    assertThat(paths()).containsExactly("/api/dtmsvr/prepare");
  }

  @Test
  void neverDropsACommittedMessageThatItCannotSubmit() {
    manager.succeeds().answers(503, "busy");
    sender.answers(200, "");
    database.hasRecord();

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> send(connection -> {}));

    assertThat(paths()).containsExactly("/api/dtmsvr/prepare", "/api/dtmsvr/submit");
  }

  @Test
  void anExceptionIsNotHiddenByAWayToTheSenderThatThrowsItself() {
    manager.succeeds();
    var throwing =
        TransactionClient.builder()
            .baseUrl(manager.url())
            .participants(call -> {
              throw new IllegalStateException("closed");
            })
            .build();

    assertThatExceptionOfType(SQLException.class)
        .isThrownBy(() ->
            throwing
                .message("g1")
                .step("http://bank/TransIn")
                .doAndSubmit(
                    sender.url() + "/committed",
                    gid -> {
                      throw new SQLException("connection lost");
                    }))
        .withMessage("connection lost");
  }

  @Test
  void doesNotWorkTwiceWhenTheRecordIsThere() throws Exception {
    manager.succeeds().succeeds();
    sender.answers(200, "");
    database.hasRecord();

    var result =
        send(connection -> {
          throw new AssertionError("worked twice");
        });

    assertThat(result).isEqualTo(new Accepted("g1"));
    assertThat(database.log())
        .containsExactly("autoCommit false", "record g1", "rollback", "autoCommit true");
  }

  @Test
  void dropsTheMessageWhenACheckBackCameFirst() throws Exception {
    manager.succeeds().succeeds();
    manager.answers(200, FakeManager.description("g1", "msg", "failed"));
    sender.answers(409, "");
    database.hasRecord();

    assertThat(send(connection -> {})).isInstanceOf(RolledBack.class);
  }

  @Test
  void needsAStepAndATopicWithAName() {
    assertThatIllegalStateException()
        .isThrownBy(() -> client.message("g1").submit())
        .withMessage("message g1: no step (expected: 1 at least)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.message().topic("", 1))
        .withMessage("topic: 0 characters (expected: 1 to 128)");
    assertThatIllegalArgumentException().isThrownBy(() -> client.message().step("bank/x", 1));
  }

  @Test
  void managesTopics() {
    manager.succeeds().succeeds().succeeds();

    client.subscribe("new orders", "http://bank/x?a=b", "the bank");
    client.unsubscribe("new orders", "http://bank/x?a=b");
    client.deleteTopic("new orders");

    assertThat(paths())
        .containsExactly(
            "/api/dtmsvr/subscribe?topic=new+orders&url=http%3A%2F%2Fbank%2Fx%3Fa%3Db&remark=the+bank",
            "/api/dtmsvr/unsubscribe?topic=new+orders&url=http%3A%2F%2Fbank%2Fx%3Fa%3Db",
            "/api/dtmsvr/topic/new%20orders");
    assertThat(manager.asked().get(2).method()).isEqualTo("DELETE");
  }

  private <E extends Exception> TransactionResult send(JdbcWork<E> work) throws SQLException, E {
    return client
        .message("g1")
        .step("http://bank/TransIn", Map.of("amount", 30))
        .doAndSubmit(sender.url() + "/committed", database.connection(), database, work);
  }

  private List<String> paths() {
    return manager.asked().stream().map(FakeManager.Asked::pathAndQuery).toList();
  }
}
