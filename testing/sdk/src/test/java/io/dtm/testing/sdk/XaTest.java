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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.dtm.client.BranchException;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.dtm.client.TransactionMode;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The side that drives the transaction; databases that prepare are the participants' affair. */
class XaTest extends ModeContract {
  private static final Duration SECOND = Duration.ofSeconds(1);

  XaTest(Way way) {
    super(way);
  }

  @Test
  @Shows(SUCCESS)
  void everyBranchIsCommitted() {
    prepares("success-out", "success-in");
    var xa = client.xa().waitForResult();

    var result =
        xa.run(branches -> {
          branches.branch(address("success-out"), BODY);
          branches.branch(address("success-in"), BODY);
        });

    assertThat(result).isEqualTo(new Succeeded(xa.gid()));
    assertThat(participant.asked(xa.gid()))
        .containsExactly(
            "success-out 01 action",
            "success-in 02 action",
            "success-out 01 commit",
            "success-in 02 commit");
    var calls = participant.calls(xa.gid());
    assertThat(calls.get(0).request().phase2Url()).isEqualTo(address("success-out"));
    assertThat(calls.get(0).payload()).isEqualTo(BODY);
    assertThat(calls.get(2).payload()).isEqualTo(Payload.empty());
  }

  @Test
  @Shows(ROLLBACK)
  void aRefusalRollsBackThoseThatPrepared() {
    prepares("refused-out");
    participant.always("refused-in", refuse("account frozen"));
    var xa = client.xa();

    var result =
        xa.run(branches -> {
          branches.branch(address("refused-out"), BODY);
          branches.branch(address("refused-in"), BODY);
        });

    assertThat(client.waitFor(result.gid(), PATIENCE).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(xa.gid()))
        .containsExactly(
            "refused-out 01 action", "refused-in 02 action", "refused-out 01 rollback");
  }

  @Test
  @Shows(RETRY)
  void anUnclearCommitIsAskedForAgain() {
    prepares("retry-out");
    var xa = client.xa().waitForResult();

    var result =
        xa.run(branches -> {
          branches.branch(address("retry-out"), BODY);
          participant.once("retry-out", breakDown());
        });

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, xa.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  @Shows(RETRY)
  void anUnclearRollbackIsAskedForAgain() {
    prepares("back-out");
    participant.always("back-in", refuse("account frozen"));
    var xa = client.xa();

    var result =
        xa.run(branches -> {
          branches.branch(address("back-out"), BODY);
          participant.once("back-out", breakDown());
          branches.branch(address("back-in"), BODY);
        });

    assertThat(Retries.untilTheEnd(client, result.gid()).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(xa.gid()))
        .containsExactly(
            "back-out 01 action",
            "back-in 02 action",
            "back-out 01 rollback",
            "back-out 01 rollback");
  }

  @Test
  @Shows(CHECK_BACK)
  void whoFallsSilentIsTurnedBack() {
    prepares("silent-out");
    var xa = client.xa().timeoutToFail(SECOND).retryInterval(SECOND);

    var result =
        xa.run(branches -> {
          branches.branch(address("silent-out"), BODY);
          assertThat(client.waitFor(xa.gid(), PATIENCE).status())
              .isEqualTo(TransactionStatus.FAILED);
          assertThatExceptionOfType(BranchException.class)
              .isThrownBy(() -> branches.branch(address("silent-out"), BODY));
        });

    assertThat(client.waitFor(result.gid(), PATIENCE).reason())
        .isEqualTo("Timeout after 1 seconds");
    assertThat(participant.asked(xa.gid()))
        .containsExactly("silent-out 01 action", "silent-out 01 rollback", "silent-out 02 action");
  }

  @Test
  @Shows({NESTED, ROLLBACK})
  void aRefusalDeepInsideRollsBackThoseThatPrepared() {
    prepares("deep-1");
    participant.always("deep-2", refuse("no"));
    participant.always(
        "deep-out",
        (request, payload) -> {
          var inner = client.nestedXa(request);
          inner.branch(address("deep-1"), BODY);
          inner.branch(address("deep-2"), BODY);
        });
    var xa = client.xa();

    var result = xa.run(branches -> branches.branch(address("deep-out"), BODY));

    assertThat(client.waitFor(result.gid(), PATIENCE).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(xa.gid()))
        .containsExactly(
            "deep-out 01 action",
            "deep-1 0101 action",
            "deep-2 0102 action",
            "deep-1 0101 rollback");
  }

  @Test
  @Shows(NESTED)
  void aBranchMayHaveOthersWorkInTheSameTransaction() {
    prepares("inner");
    participant.always(
        "nested-out",
        (request, payload) -> {
          if (request.operation().equals("action")) {
            client.nestedXa(request).branch(address("inner"), BODY);
            client.registerXaBranch(request);
          }
        });
    var xa = client.xa().waitForResult();

    var result = xa.run(branches -> branches.branch(address("nested-out"), BODY));

    assertThat(result).isEqualTo(new Succeeded(xa.gid()));
    assertThat(Set.copyOf(participant.asked(xa.gid())))
        .containsExactlyInAnyOrder(
            "nested-out 01 action",
            "inner 0101 action",
            "inner 0101 commit",
            "nested-out 01 commit");
  }

  @Test
  void onlyTheActionOfAnXaBranchCanBeRegistered() {
    var request = BranchRequest.of("g1", TransactionMode.SAGA, "01", "action");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> client.registerXaBranch(request))
        .withMessage("request: action of a saga (expected: action of an xa, with a phase2_url)");
  }

  /** What a participant does whose database can prepare. */
  private void prepares(String... names) {
    for (var name : names) {
      participant.always(
          name,
          (request, payload) -> {
            if (request.operation().equals("action")) {
              client.registerXaBranch(request);
            }
          });
    }
  }
}
