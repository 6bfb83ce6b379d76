package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.Succeeded;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code of {@code docs/java/tcc.md}. */
@Timeout(60)
class TccPageTest {
  private static World world;
  private final TransactionClient client = world.client(Way.HTTP);
  private final String bank = world.participant.address(Way.HTTP, "bank");

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @Test
  void aTransferReservesThenConfirms() {
    var result = transfer(bank + "/out", bank + "/in", Map.of("amount", 30));

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(world.participant.asked(result.gid()))
        .containsExactly(
            "bank/out/try 01 try",
            "bank/in/try 02 try",
            "bank/in/confirm 02 confirm",
            "bank/out/confirm 01 confirm");
  }

  private TransactionResult transfer(String out, String in, Map<String, Integer> transfer) {
    // page: begin
    return client
        .tcc()
        .timeoutToFail(Duration.ofSeconds(30))
        .waitForResult()
        .run(branches -> {
          branches.branch(out + "/try", out + "/confirm", out + "/cancel", transfer);
          branches.branch(in + "/try", in + "/confirm", in + "/cancel", transfer);
        });
    // page: end
  }

  @Test
  void theCallerMayRefuse() {
    var result = limited(30, 10);

    assertThat(client.waitFor(result.gid(), Duration.ofSeconds(20)).reason())
        .isEqualTo("fee of 30 is above the limit");
  }

  private TransactionResult limited(int expected, int limit) {
    // page: begin
    return client
        .tcc()
        .run(branches -> {
          var fee =
              branches.branch(bank + "/fee", bank + "/feeConfirm", bank + "/feeCancel", expected);
          if (expected > limit) {
            throw new BranchRefused("fee of %d is above the limit".formatted(expected));
          }
          branches.branch(bank + "/pay", bank + "/payConfirm", bank + "/payCancel", fee);
        });
    // page: end
  }

  @Test
  void aTryMayCallBranchesItself() {
    world.participant.always("shop", (request, payload) -> order(request));
    var shop = world.participant.address(Way.HTTP, "shop");

    var result =
        client
            .tcc()
            .waitForResult()
            .run(branches -> branches.branch(shop, shop + "/ok", shop + "/no", Map.of()));

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(world.participant.asked(result.gid())).contains("bank/reserve 0101 try");
  }

  private void order(BranchRequest request) {
    // page: begin
    var branches = client.nestedTcc(request);
    branches.branch(
        bank + "/reserve", bank + "/reserveConfirm", bank + "/reserveCancel", Map.of("amount", 5));
    // page: end
  }

  @Test
  void nothingNeedsToBlock() {
    assertThat(asynchronous().toCompletableFuture().join()).isInstanceOf(Succeeded.class);
  }

  private CompletionStage<TransactionResult> asynchronous() {
    // page: begin
    return client
        .tcc()
        .waitForResult()
        .runAsync(branches ->
            branches
                .branchAsync(bank + "/try1", bank + "/confirm1", bank + "/cancel1", Map.of())
                .thenCompose(tried ->
                    branches.branchAsync(
                        bank + "/try2", bank + "/confirm2", bank + "/cancel2", Map.of())));
    // page: end
  }

  @Test
  void otherExceptionsComeOut() {
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() ->
            client
                .tcc()
                .run(branches -> {
                  throw new IllegalStateException("bug");
                }));
  }
}
