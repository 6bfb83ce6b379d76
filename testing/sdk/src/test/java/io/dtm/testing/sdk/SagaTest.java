package io.dtm.testing.sdk;

import static io.dtm.testing.sdk.Case.NESTED;
import static io.dtm.testing.sdk.Case.RETRY;
import static io.dtm.testing.sdk.Case.ROLLBACK;
import static io.dtm.testing.sdk.Case.SUCCESS;
import static io.dtm.testing.sdk.Participant.askLater;
import static io.dtm.testing.sdk.Participant.breakDown;
import static io.dtm.testing.sdk.Participant.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.client.BranchRefused;
import io.dtm.client.Payload;
import io.dtm.client.Saga;
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import io.dtm.client.TransactionUnknown;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SagaTest extends ModeContract {
  SagaTest(Way way) {
    super(way);
  }

  @Test
  @Shows(SUCCESS)
  void allStepsTakeEffect() {
    var saga = saga("success").waitForResult();

    assertThat(saga.submit()).isEqualTo(new Succeeded(saga.gid()));

    assertThat(participant.asked(saga.gid()))
        .containsExactly("success-out 01 action", "success-in 02 action");
    assertThat(participant.calls(saga.gid()).get(0).payload().text()).isEqualTo("{\"amount\":30}");
  }

  @Test
  void aSagaThatIsNotWaitedForGoesOnByItself() {
    var saga = saga("background");

    var result = saga.submit();

    assertThat(result.gid()).isEqualTo(saga.gid());
    assertThat(client.waitFor(saga.gid(), PATIENCE).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  @Shows(ROLLBACK)
  void aRefusalUndoesWhatWasDone() {
    participant.always("refused-in", refuse("account frozen"));
    var saga = saga("refused").waitForResult();

    var result = saga.submit();

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(((RolledBack) result).reason()).contains("account frozen");
    assertThat(participant.asked(saga.gid()))
        .containsExactly(
            "refused-out 01 action",
            "refused-in 02 action",
            "refused-in-back 02 compensate",
            "refused-out-back 01 compensate");
  }

  @Test
  @Shows(RETRY)
  void anUnclearAnswerIsAskedForAgain() {
    participant.once("retry-in", breakDown());
    var saga = saga("retry").waitForResult();

    assertThat(saga.submit()).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, saga.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(participant.asked(saga.gid()))
        .containsExactly("retry-out 01 action", "retry-in 02 action", "retry-in 02 action");
  }

  @Test
  @Shows(RETRY)
  void anUnclearCompensationIsAskedForAgain() {
    participant.always("back-in", refuse("account frozen"));
    participant.once("back-out-back", breakDown());
    var saga = saga("back").waitForResult();

    assertThat(saga.submit()).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, saga.gid()).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(saga.gid()))
        .containsExactly(
            "back-out 01 action",
            "back-in 02 action",
            "back-in-back 02 compensate",
            "back-out-back 01 compensate",
            "back-out-back 01 compensate");
  }

  @Test
  @Shows(RETRY)
  void aStepThatIsStillAtWorkIsAskedAgain() {
    participant.once("ongoing-out", askLater());
    var saga = saga("ongoing").waitForResult();

    assertThat(saga.submit()).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, saga.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  @Shows(NESTED)
  void aStepMayStartASagaOfItsOwnWhichStartsOnce() {
    participant.always(
        "nested-out",
        (request, payload) -> {
          var inner =
              client
                  .saga(request.nestedGid())
                  .step(address("inner"), Saga.NO_COMPENSATION, Map.of())
                  .waitForResult()
                  .submit();
          assertThat(inner).isEqualTo(new Succeeded(request.nestedGid()));
          if (participant.calls(request.gid()).size() == 1) {
            throw new IllegalStateException("the answer is lost");
          }
        });
    var saga = saga("nested").waitForResult();

    assertThat(saga.submit()).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, saga.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(participant.asked(saga.gid() + "-01-action")).containsExactly("inner 01 action");
  }

  @Test
  @Shows({NESTED, ROLLBACK})
  void aStepWhoseOwnSagaIsRolledBackRollsBackTheOneAroundIt() {
    participant.always("deep-inner", refuse("sold out"));
    participant.always(
        "deep-in",
        (request, payload) -> {
          var inner =
              client
                  .saga(request.nestedGid())
                  .step(address("deep-inner"), Saga.NO_COMPENSATION, Map.of())
                  .waitForResult()
                  .submit();
          assertThat(inner).isInstanceOf(RolledBack.class);
          throw new BranchRefused(((RolledBack) inner).reason());
        });
    var saga = saga("deep").waitForResult();

    var result = saga.submit();

    assertThat(result).isInstanceOf(RolledBack.class);
    assertThat(((RolledBack) result).reason()).contains("sold out");
    assertThat(participant.asked(saga.gid()))
        .containsExactly(
            "deep-out 01 action",
            "deep-in 02 action",
            "deep-in-back 02 compensate",
            "deep-out-back 01 compensate");
  }

  @Test
  void aStepMayBeCalledOverHttpWhicheverWayTheSagaCame() {
    var saga =
        client
            .saga()
            .step(address("mixed-1"), Saga.NO_COMPENSATION, Map.of("amount", 30))
            .step(participant.address(Way.HTTP, "mixed-2"), Saga.NO_COMPENSATION, Map.of("n", 1))
            .waitForResult();

    assertThat(saga.submit()).isEqualTo(new Succeeded(saga.gid()));

    assertThat(participant.asked(saga.gid()))
        .containsExactly("mixed-1 01 action", "mixed-2 02 action");
  }

  /** To submit it again, or elsewhere, would not make it smaller. */
  @Test
  void whatIsTooLargeForTheServerIsRefused() {
    var saga =
        client
            .saga()
            .step(address("large"), Saga.NO_COMPENSATION, Payload.of("x".repeat(9_000_000)));

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(saga::submit)
        .withMessageContaining(" answered 413: ");
  }

  @Test
  void optionsReachTheServerAndTheParticipants() {
    participant.always("options-in", breakDown());
    var saga =
        saga("options")
            .branchHeader("X-Tenant", "green")
            .passThroughHeaders(Map.of("X-Trace", "t1")::get, "X-Trace", "X-Absent")
            .retryLimit(1)
            .requestTimeout(Duration.ofSeconds(5))
            .retryInterval(Duration.ofSeconds(7))
            .waitForResult();

    var result = saga.submit();

    assertThat(result).isInstanceOf(RolledBack.class);
    var headers = participant.calls(saga.gid()).get(0).headers();
    assertThat(List.of(headers.apply("x-tenant"), headers.apply("x-trace")))
        .containsExactly("green", "t1");
    assertThat(headers.apply("x-absent")).isEqualTo("null");
  }

  @Test
  void aTransactionIsParkedWhenItsAttemptsAreUsedUp() {
    participant.always("parked-in", breakDown());
    var saga = saga("parked").retryMaxAttempts(1).waitForResult();

    var result = (Pending) saga.submit();

    assertThat(result.state().parkedReason()).isNotEmpty();
    assertThat(result.state().nextAttemptAt()).isNull();
    client.forceStop(saga.gid());
    assertThat(client.query(saga.gid()).status()).isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  void submittingASagaAgainTellsHowItEnded() {
    var saga = saga("again").waitForResult();

    saga.submit();

    assertThat(saga.submit()).isEqualTo(new Succeeded(saga.gid()));
    assertThat(participant.asked(saga.gid())).hasSize(2);
  }

  @Test
  void whatTheServerRefusesIsAnException() {
    var saga = saga("taken").waitForResult();
    saga.submit();

    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> client.tcc(saga.gid()).run(branches -> {}));
    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> client.forceStop(saga.gid()));
    assertThatExceptionOfType(TransactionUnknown.class)
        .isThrownBy(() -> client.query("nobody-" + way));
  }

  private Saga saga(String name) {
    return client
        .saga()
        .step(address(name + "-out"), address(name + "-out-back"), Map.of("amount", 30))
        .step(address(name + "-in"), address(name + "-in-back"), Payload.of("{\"amount\":30}"));
  }
}
