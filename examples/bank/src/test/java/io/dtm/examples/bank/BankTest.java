package io.dtm.examples.bank;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BankTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String THIRTY = "{\"amount\":30}";

  private final List<BankCall> calls = new CopyOnWriteArrayList<>();
  private final Bank bank = Bank.open(0, InstantSource.fixed(NOW), calls::add);
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    bank.close();
  }

  @Test
  void movesMoneyFromThePayerToThePayee() throws Exception {
    call("TransOut", "g1", "01", "action", THIRTY);
    call("TransIn", "g1", "02", "action", THIRTY);

    assertThat(bank.balances()).isEqualTo(Map.of("alice", 970L, "bob", 1_030L));
  }

  @Test
  void undoesWhatItDid() throws Exception {
    call("TransOut", "g1", "01", "action", THIRTY);
    call("TransIn", "g1", "02", "action", THIRTY);

    call("TransInCompensate", "g1", "02", "compensate", THIRTY);
    call("TransOutCompensate", "g1", "01", "compensate", THIRTY);

    assertThat(bank.balances()).isEqualTo(Map.of("alice", 1_000L, "bob", 1_000L));
  }

  @Test
  void changesNothingWhenACallIsRepeated() throws Exception {
    call("TransOut", "g1", "01", "action", THIRTY);
    var repeated = call("TransOut", "g1", "01", "action", THIRTY);
    call("TransOut", "g2", "01", "action", THIRTY);
    call("TransOutCompensate", "g2", "01", "compensate", THIRTY);
    call("TransOutCompensate", "g2", "01", "compensate", THIRTY);

    assertThat(repeated.statusCode()).isEqualTo(200);
    assertThat(bank.balances()).containsEntry("alice", 970L);
  }

  @Test
  void ignoresAnActionThatComesAfterItsCompensation() throws Exception {
    var compensation = call("TransOutCompensate", "g1", "01", "compensate", THIRTY);
    var action = call("TransOut", "g1", "01", "action", THIRTY);

    assertThat(compensation.statusCode()).isEqualTo(200);
    assertThat(action.statusCode()).isEqualTo(200);
    assertThat(bank.balances()).containsEntry("alice", 1_000L);
  }

  @Test
  void refusesForTheReasonInTheBody() throws Exception {
    var answer =
        call("TransIn", "g1", "02", "action", "{\"amount\":30,\"refuse\":\"account frozen\"}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).isEqualTo("account frozen");
    assertThat(bank.balances()).containsEntry("bob", 1_000L);
  }

  @Test
  void hasNothingToUndoOfARefusedAction() throws Exception {
    var frozen = "{\"amount\":30,\"refuse\":\"account frozen\"}";
    call("TransIn", "g1", "02", "action", frozen);

    var answer = call("TransInCompensate", "g1", "02", "compensate", frozen);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(bank.balances()).containsEntry("bob", 1_000L);
  }

  @Test
  void refusesWhatTheBalanceDoesNotCover() throws Exception {
    var answer = call("TransOut", "g1", "01", "action", "{\"amount\":1001}");

    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.body()).isEqualTo("balance of alice too low");
    assertThat(bank.balances()).containsEntry("alice", 1_000L);
  }

  @Test
  void refusesABodyThatItDoesNotUnderstand() throws Exception {
    assertThat(call("TransOut", "g1", "01", "action", "thirty").statusCode()).isEqualTo(409);
    assertThat(call("TransOut", "g2", "01", "action", "{\"amount\":-30}").statusCode())
        .isEqualTo(409);
    assertThat(call("TransOut", "g3", "01", "action", "null").statusCode()).isEqualTo(409);
    assertThat(
            call("TransIn", "g4", "02", "action", "{\"amount\":9223372036854775807}").statusCode())
        .isEqualTo(409);
    assertThat(bank.balances()).containsEntry("alice", 1_000L);
  }

  @Test
  void tellsItsListenerOfEachCall() throws Exception {
    call("TransOut", "g 1", "01", "action", THIRTY);

    assertThat(calls)
        .containsExactly(
            new BankCall(
                NOW,
                "TransOut",
                new BranchCall("g 1", "01", "action"),
                200,
                "{\"dtm_result\":\"SUCCESS\"}"));
  }

  @Test
  void showsItsAccounts() throws Exception {
    assertThat(get("/accounts").body()).isEqualTo("{\"alice\":1000,\"bob\":1000}");
  }

  @Test
  void rejectsCallsThatAreNotTheManagers() throws Exception {
    assertThat(get("/TransOut").statusCode()).isEqualTo(400);
    assertThat(call("Rob", "g1", "01", "action", THIRTY).statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> call(
      String name, String gid, String branchId, String operation, String body)
      throws IOException, InterruptedException {
    var query = "?branch_id=" + branchId + "&gid=" + gid.replace(" ", "%20") + "&op=" + operation;
    var request =
        HttpRequest.newBuilder(URI.create(bank.url() + "/" + name + query + "&trans_type=saga"))
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(bank.url() + path)).build();
    return http.send(request, BodyHandlers.ofString());
  }
}
