package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.CommitRecord;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of {@code docs/java/message.md}. */
@Timeout(60)
class MessagePageTest {
  private static World world;
  private final TransactionClient client = world.client(Way.HTTP);
  private final String bank = world.participant.address(Way.HTTP, "bank");
  private final String shop = world.participant.address(Way.HTTP, "shop");
  private final Set<String> committed = ConcurrentHashMap.newKeySet();

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aMessageGoesWithALocalTransaction() throws SQLException {
    var database = new RecordingConnection();

    var result = pay(database.connection(), (connection, gid) -> true);

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(database.log()).containsExactly("debit", "commit");
  }

  private TransactionResult pay(Connection connection, CommitRecord record) throws SQLException {
    // page: begin
    return client
        .message()
        .step(bank + "/TransIn", Map.of("amount", 30, "to", "bob"))
        .waitForResult()
        .doAndSubmit(shop + "/committed", connection, record, c -> debit(c, "alice", 30));
    // page: end
  }

  private static void debit(Connection connection, String account, int amount) throws SQLException {
    assertThat(account).isEqualTo("alice");
    assertThat(amount).isEqualTo(30);
    connection.nativeSQL("debit");
  }

  @Test
  void theSenderAnswersWhetherItCommitted() {
    world.participant.always("shop/committed", (request, payload) -> answer(request));
    committed.add("order-7");
    var yes = client.message("order-7").step(bank + "/ship").checkBackAfter(Duration.ofSeconds(1));
    var no = client.message("order-8").step(bank + "/ship").checkBackAfter(Duration.ofSeconds(1));

    yes.prepare(shop + "/committed");
    no.prepare(shop + "/committed");

    assertThat(client.waitFor("order-7", Duration.ofSeconds(20)).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(client.waitFor("order-8", Duration.ofSeconds(20)).status())
        .isEqualTo(TransactionStatus.FAILED);
  }

  private void answer(BranchRequest request) {
    // page: begin
    if (!hasCommitted(request.gid())) {
      throw new BranchRefused("not committed");
    }
    // page: end
  }

  private boolean hasCommitted(String gid) {
    return committed.contains(gid);
  }

  @Test
  void aFrameworkMayDriveTheLocalTransaction() {
    assertThat(byHand("order-9")).isInstanceOf(TransactionResult.Accepted.class);
  }

  private TransactionResult byHand(String order) {
    // page: begin
    var message = client.message(order).step(bank + "/TransIn", Map.of("amount", 30));

    var decided = message.prepare(shop + "/committed");
    if (decided.isPresent()) {
      return decided.get();
    }
    if (!commitWithRecordOf(message.gid())) {
      return message.abort("not enough money");
    }
    return message.submit();
    // page: end
  }

  private boolean commitWithRecordOf(String gid) {
    return committed.add(gid);
  }

  @Test
  void subscribersOfATopicGetTheMessageLater() {
    // page: begin
    client.subscribe("orders", bank + "/book", "the bank's books");

    var message =
        client
            .message()
            .topic("orders", Map.of("order", 7))
            .delay(Duration.ofSeconds(1))
            .concurrent();
    message.submit();
    // page: end

    assertThat(client.waitFor(message.gid(), Duration.ofSeconds(20)).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(world.participant.asked(message.gid())).containsExactly("bank/book 01 action");
  }
}
