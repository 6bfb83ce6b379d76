package io.dtm.testing.sdk;

import static io.dtm.testing.sdk.Case.CHECK_BACK;
import static io.dtm.testing.sdk.Case.NESTED;
import static io.dtm.testing.sdk.Case.RETRY;
import static io.dtm.testing.sdk.Case.ROLLBACK;
import static io.dtm.testing.sdk.Case.SUCCESS;
import static io.dtm.testing.sdk.Participant.breakDown;
import static io.dtm.testing.sdk.Participant.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.BranchUnclear;
import io.dtm.client.Payload;
import io.dtm.client.TccBranches;
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionState;
import io.dtm.client.TransactionStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TccTest extends ModeContract {
  TccTest(Way way) {
    super(way);
  }

  @Test
  @Shows(SUCCESS)
  void everyBranchThatHasTriedIsConfirmed() {
    var tcc = client.tcc().branchHeader("X-Tenant", "green").waitForResult();

    var result =
        tcc.run(branches -> {
          assertThat(call(branches, "success-out")).isEqualTo(Payload.of("done"));
          call(branches, "success-in");
        });

    assertThat(result).isEqualTo(new Succeeded(tcc.gid()));
    assertThat(participant.asked(tcc.gid()))
        .containsExactly(
            "success-out 01 try",
            "success-in 02 try",
            "success-in-confirm 02 confirm",
            "success-out-confirm 01 confirm");
    assertThat(participant.calls(tcc.gid()))
        .allSatisfy(call -> {
          assertThat(call.payload()).isEqualTo(BODY);
          assertThat(call.headers().apply("x-tenant")).isEqualTo("green");
        });
    assertThat(participant.calls(tcc.gid()).get(0).request().manager()).isNotEmpty();
  }

  @Test
  @Shows(ROLLBACK)
  void aRefusedTryCancelsAllOfThem() {
    participant.always("refused-in", refuse("account frozen"));
    var tcc = client.tcc().waitForResult();

    var result =
        tcc.run(branches -> {
          call(branches, "refused-out");
          call(branches, "refused-in");
        });

    var end = end(result);
    assertThat(end.status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(end.reason()).endsWith("refused: account frozen");
    assertThat(participant.asked(tcc.gid()))
        .containsExactly(
            "refused-out 01 try",
            "refused-in 02 try",
            "refused-in-cancel 02 cancel",
            "refused-out-cancel 01 cancel");
  }

  @Test
  @Shows(ROLLBACK)
  void anUnclearTryCancelsAllOfThemToo() {
    participant.always("unclear-out", breakDown());
    var tcc = client.tcc();

    var result =
        tcc.run(branches ->
            assertThatExceptionOfType(BranchUnclear.class)
                .isThrownBy(() -> call(branches, "unclear-out"))
                .satisfies(unclear -> {
                  throw unclear;
                }));

    assertThat(end(result).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(tcc.gid()))
        .containsExactly("unclear-out 01 try", "unclear-out-cancel 01 cancel");
  }

  @Test
  void anExceptionOfTheCallerCancelsAllOfThemAndComesOut() {
    var tcc = client.tcc();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            tcc.run(branches -> {
              call(branches, "exception-out");
              throw new IOException("disk full");
            }))
        .withMessage("disk full");

    assertThat(client.waitFor(tcc.gid(), PATIENCE))
        .satisfies(end -> {
          assertThat(end.status()).isEqualTo(TransactionStatus.FAILED);
          assertThat(end.reason()).contains("disk full");
        });
  }

  @Test
  @Shows(RETRY)
  void anUnclearConfirmIsAskedForAgain() {
    participant.once("retry-out-confirm", breakDown());
    var tcc = client.tcc().waitForResult();

    var result = tcc.run(branches -> call(branches, "retry-out"));

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, tcc.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  @Shows(RETRY)
  void anUnclearCancelIsAskedForAgain() {
    participant.always("back-in", refuse("account frozen"));
    participant.once("back-out-cancel", breakDown());
    var tcc = client.tcc();

    var result =
        tcc.run(branches -> {
          call(branches, "back-out");
          call(branches, "back-in");
        });

    assertThat(Retries.untilTheEnd(client, result.gid()).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(tcc.gid()))
        .containsExactly(
            "back-out 01 try",
            "back-in 02 try",
            "back-in-cancel 02 cancel",
            "back-out-cancel 01 cancel",
            "back-out-cancel 01 cancel");
  }

  @Test
  @Shows(NESTED)
  void aTryMayHaveOthersTryInTheSameTransaction() {
    participant.always(
        "nested-out",
        (request, payload) -> {
          var inner = client.nestedTcc(request);
          call(inner, "inner-1");
          call(inner, "inner-2");
        });
    var tcc = client.tcc().waitForResult();

    var result = tcc.run(branches -> call(branches, "nested-out"));

    assertThat(result).isEqualTo(new Succeeded(tcc.gid()));
    assertThat(participant.asked(tcc.gid()))
        .containsExactly(
            "nested-out 01 try",
            "inner-1 0101 try",
            "inner-2 0102 try",
            "inner-2-confirm 0102 confirm",
            "inner-1-confirm 0101 confirm",
            "nested-out-confirm 01 confirm");
  }

  @Test
  @Shows({NESTED, ROLLBACK})
  void aRefusalDeepInsideCancelsAllOfThem() {
    participant.always("deep-inner", refuse("no"));
    participant.always(
        "deep-out", (request, payload) -> call(client.nestedTcc(request), "deep-inner"));
    var tcc = client.tcc();

    var result = tcc.run(branches -> call(branches, "deep-out"));

    assertThat(end(result).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(tcc.gid()))
        .containsExactly(
            "deep-out 01 try",
            "deep-inner 0101 try",
            "deep-inner-cancel 0101 cancel",
            "deep-out-cancel 01 cancel");
  }

  @Test
  @Shows(CHECK_BACK)
  void whoTakesTooLongIsTurnedBack() {
    var tcc =
        client.tcc().timeoutToFail(Duration.ofSeconds(1)).retryInterval(Duration.ofSeconds(1));

    var result =
        tcc.run(branches -> {
          call(branches, "late-out");
          assertThat(client.waitFor(tcc.gid(), PATIENCE).status())
              .isEqualTo(TransactionStatus.FAILED);
          assertThatExceptionOfType(TransactionRefused.class)
              .isThrownBy(() -> call(branches, "late-in"));
        });

    assertThat(end(result).reason()).isEqualTo("Timeout after 1 seconds");
    assertThat(participant.asked(tcc.gid()))
        .containsExactly("late-out 01 try", "late-out-cancel 01 cancel");
  }

  @Test
  void aTransactionThatWasDecidedIsNotRunAgain() {
    var tcc = client.tcc().waitForResult();
    tcc.run(branches -> call(branches, "again-out"));

    var second = client.tcc(tcc.gid()).run(branches -> call(branches, "again-out"));

    assertThat(second).isEqualTo(new Succeeded(tcc.gid()));
    assertThat(participant.asked(tcc.gid())).hasSize(2);
  }

  @Test
  void nothingBlocksWhenItIsRunAsynchronously() {
    var tcc = client.tcc().waitForResult();

    var result =
        tcc.runAsync(branches ->
                branches
                    .branchAsync(
                        address("async-out"),
                        address("async-out-confirm"),
                        address("async-out-cancel"),
                        BODY)
                    .thenCompose(done ->
                        branches.branchAsync(
                            address("async-in"),
                            address("async-in-confirm"),
                            address("async-in-cancel"),
                            BODY)))
            .join();

    assertThat(result).isEqualTo(new Succeeded(tcc.gid()));
  }

  @Test
  void aFutureThatFailsTurnsTheTransactionBack() {
    participant.always("async-refused", refuse("no"));
    var refused = client.tcc();
    var failed = client.tcc();

    var result =
        refused
            .runAsync(branches ->
                branches.branchAsync(
                    address("async-refused"), address("async-c"), address("async-x"), BODY))
            .join();
    var failure =
        failed.runAsync(branches -> {
          throw new IllegalStateException("bug");
        });

    assertThat(end(result).status()).isEqualTo(TransactionStatus.FAILED);
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(failure::join)
        .havingCause()
        .withMessage("bug");
    assertThat(client.waitFor(failed.gid(), PATIENCE).status()).isEqualTo(TransactionStatus.FAILED);
  }

  private Payload call(TccBranches branches, String name) {
    return branches.branch(
        address(name), address(name + "-confirm"), address(name + "-cancel"), BODY);
  }

  private TransactionState end(TransactionResult result) {
    return client.waitFor(result.gid(), PATIENCE);
  }
}
