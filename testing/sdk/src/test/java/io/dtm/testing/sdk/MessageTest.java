package io.dtm.testing.sdk;

import static io.dtm.testing.sdk.Case.CHECK_BACK;
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
import io.dtm.client.TransactionRefused;
import io.dtm.client.TransactionResult.Accepted;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MessageTest extends ModeContract {
  private static final Duration SECOND = Duration.ofSeconds(1);

  MessageTest(Way way) {
    super(way);
  }

  @Test
  @Shows(SUCCESS)
  void everyStepIsCalled() {
    var message = client.message().step(address("plain-1"), BODY).step(address("plain-2"));

    var result = message.waitForResult().submit();

    assertThat(result).isEqualTo(new Succeeded(message.gid()));
    assertThat(participant.asked(message.gid()))
        .containsExactly("plain-1 01 action", "plain-2 02 action");
    assertThat(participant.calls(message.gid()).get(0).payload()).isEqualTo(BODY);
  }

  @Test
  void stepsRunSideBySideWhenAsked() {
    participant.once("side-1", breakDown());
    var message = client.message().step(address("side-1"), BODY).step(address("side-2"), BODY);

    var result = message.concurrent().waitForResult().submit();

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(participant.asked(message.gid()))
        .containsExactlyInAnyOrder("side-1 01 action", "side-2 02 action");
  }

  @Test
  @Shows(RETRY)
  void anUnclearAnswerARefusalAndOneThatIsAtWorkAreAskedForAgain() {
    participant.once("retry", breakDown());
    participant.once("retry", refuse("no"));
    participant.once("retry", askLater());
    var message = client.message().step(address("retry"), BODY).waitForResult();

    var result = message.submit();

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, message.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }

  @Test
  @Shows(SUCCESS)
  void theMessageIsSentOnceTheLocalTransactionHasCommitted() {
    var message = client.message().step(address("local"), BODY).waitForResult();

    var result =
        message.doAndSubmit(
            address("local-check"),
            gid -> {
              assertThat(client.query(gid).status()).isEqualTo(TransactionStatus.PREPARED);
              return true;
            });

    assertThat(result).isEqualTo(new Succeeded(message.gid()));
    assertThat(participant.asked(message.gid())).containsExactly("local 01 action");
  }

  @Test
  @Shows(ROLLBACK)
  void theMessageIsDroppedWhenTheLocalTransactionRefusesOrComesTooLate() {
    var refused = client.message().step(address("dropped"), BODY);
    var late = client.message().step(address("dropped"), BODY);

    refused.doAndSubmit(
        address("dropped-check"),
        gid -> {
          throw new BranchRefused("too little money");
        });
    late.doAndSubmit(address("dropped-check"), gid -> false);

    assertThat(client.waitFor(refused.gid(), PATIENCE).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(client.waitFor(late.gid(), PATIENCE).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(refused.gid())).isEmpty();
    assertThat(participant.asked(late.gid())).isEmpty();
  }

  @Test
  @Shows({CHECK_BACK, ROLLBACK})
  void theSenderIsAskedWhenItsLocalTransactionEndsInAnException() throws IOException {
    participant.always("asked-no", refuse("nothing committed"));
    var committed = client.message().step(address("asked"), BODY).waitForResult();
    var rolledBack = client.message().step(address("asked"), BODY);

    var result =
        committed.doAndSubmit(
            address("asked-yes"),
            gid -> {
              throw new IOException("the answer to the commit is lost");
            });
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() ->
            rolledBack.doAndSubmit(
                address("asked-no"),
                gid -> {
                  throw new IOException("the statement is wrong");
                }))
        .withMessage("the statement is wrong");

    assertThat(result).isEqualTo(new Succeeded(committed.gid()));
    assertThat(participant.asked(committed.gid()))
        .containsExactly("asked-yes 00 msg", "asked 01 action");
    assertThat(client.waitFor(rolledBack.gid(), PATIENCE).status())
        .isEqualTo(TransactionStatus.FAILED);
  }

  @Test
  @Shows({CHECK_BACK, ROLLBACK})
  void theServerAsksASenderThatFallsSilent() {
    participant.always("silent-no", refuse("nothing committed"));
    var committed = client.message().step(address("silent"), BODY).checkBackAfter(SECOND);
    var rolledBack = client.message().step(address("silent"), BODY).checkBackAfter(SECOND);

    var prepared = committed.prepare(address("silent-yes"));
    rolledBack.prepare(address("silent-no"));

    assertThat(prepared).isEmpty();
    assertThat(client.waitFor(committed.gid(), PATIENCE).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(client.waitFor(rolledBack.gid(), PATIENCE).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(participant.asked(committed.gid()))
        .containsExactly("silent-yes 00 msg", "silent 01 action");
    assertThat(participant.asked(rolledBack.gid())).containsExactly("silent-no 00 msg");
  }

  @Test
  @Shows({CHECK_BACK, RETRY})
  void anUnclearCheckBackIsAskedAgain() {
    participant.once("unsure", breakDown());
    participant.once("unsure", askLater());
    var message = client.message().step(address("sure"), BODY).checkBackAfter(SECOND);

    message.prepare(address("unsure"));

    assertThat(Retries.untilTheEnd(client, message.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(participant.asked(message.gid()))
        .containsExactly("unsure 00 msg", "unsure 00 msg", "unsure 00 msg", "sure 01 action");
  }

  @Test
  void aMessageThatWasDecidedIsNotSentAgain() {
    var message = client.message().step(address("again"), BODY).waitForResult();
    message.doAndSubmit(address("again-check"), gid -> true);

    var second =
        client
            .message(message.gid())
            .step(address("again"), BODY)
            .doAndSubmit(
                address("again-check"),
                gid -> {
                  throw new AssertionError("run twice");
                });

    assertThat(second).isEqualTo(new Succeeded(message.gid()));
    assertThat(participant.asked(message.gid())).containsExactly("again 01 action");
  }

  @Test
  void aDelayedMessageWaits() {
    var message = client.message().step(address("delayed"), BODY).delay(SECOND);

    message.submit();

    assertThat(participant.asked(message.gid())).isEmpty();
    var end = client.waitFor(message.gid(), PATIENCE);
    assertThat(end.status()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(end.finishedAt()).isAfterOrEqualTo(end.createdAt().plus(SECOND));
  }

  @Test
  void aTopicStandsForItsSubscribers() {
    var topic = "orders-" + way;
    client.subscribe(topic, address("topic-1"), "the first");
    client.subscribe(topic, address("topic-2"), "");
    var message = client.message().topic(topic, BODY).waitForResult();

    var result = message.submit();

    assertThat(result).isEqualTo(new Succeeded(message.gid()));
    assertThat(participant.asked(message.gid()))
        .containsExactly("topic-1 01-01 action", "topic-2 01-02 action");
    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> client.subscribe(topic, address("topic-1"), ""))
        .withMessageContaining("this url exists");
    client.unsubscribe(topic, address("topic-1"));
    client.deleteTopic(topic);
    assertThatExceptionOfType(TransactionRefused.class)
        .isThrownBy(() -> client.message().topic(topic, BODY).submit())
        .withMessageContaining("topic not found");
  }

  @Test
  @Shows(NESTED)
  void aStepMaySendAMessageOfItsOwnOnce() {
    participant.always(
        "nested",
        (request, payload) -> {
          var inner = client.message(request.nestedGid()).step(address("inner"), BODY);
          assertThat(inner.submit().gid()).isEqualTo(inner.gid());
          if (participant.calls(request.gid()).size() == 1) {
            throw new IllegalStateException("the answer is lost");
          }
        });
    var message = client.message().step(address("nested"), BODY).waitForResult();

    assertThat(message.submit()).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, message.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(client.waitFor(message.gid() + "-01-action", PATIENCE).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(participant.asked(message.gid() + "-01-action")).containsExactly("inner 01 action");
  }

  @Test
  void nothingBlocksWhenItIsSentAsynchronously() {
    var message = client.message().step(address("async"), BODY);

    var result =
        message
            .prepareAsync(address("async-check"))
            .thenCompose(prepared -> message.submitAsync())
            .join();

    assertThat(result).isEqualTo(new Accepted(message.gid()));
    assertThat(client.waitForAsync(message.gid(), PATIENCE).join().status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
  }
}
