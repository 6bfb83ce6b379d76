package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.Succeeded;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of {@code docs/java/xa.md}. */
@Timeout(60)
class XaPageTest {
  private static World world;
  private final TransactionClient client = world.client(Way.HTTP);
  private final String bank = world.participant.address(Way.HTTP, "bank");
  private final List<String> log = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void everyDatabaseCommits() {
    world.participant.always("bank/TransOutXa", (request, payload) -> serve(request));
    world.participant.always("bank/TransInXa", (request, payload) -> serve(request));

    var result = transfer(Map.of("amount", 30));

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(log)
        .containsExactly(
            "work 01", "prepare 01", "work 02", "prepare 02", "commit 01", "commit 02");
  }

  private TransactionResult transfer(Map<String, Integer> transfer) {
    // page: begin
    return client
        .xa()
        .waitForResult()
        .run(branches -> {
          branches.branch(bank + "/TransOutXa", transfer);
          branches.branch(bank + "/TransInXa", transfer);
        });
    // page: end
  }

  private void serve(BranchRequest request) {
    // page: begin
    switch (request.operation()) {
      case "action" -> {
        work(request);
        client.registerXaBranch(request);
        prepare(request);
      }
      case "commit" -> commit(request);
      case "rollback" -> rollBack(request);
      default -> throw new IllegalArgumentException("operation: " + request.operation());
    }
    // page: end
  }

  private void work(BranchRequest request) {
    log.add("work " + request.branchId());
  }

  private void prepare(BranchRequest request) {
    log.add("prepare " + request.branchId());
  }

  private void commit(BranchRequest request) {
    log.add("commit " + request.branchId());
  }

  private void rollBack(BranchRequest request) {
    log.add("rollback " + request.branchId());
  }
}
