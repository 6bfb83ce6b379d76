package io.dtm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.sdk.testing.CallPattern;
import io.dtm.sdk.testing.Fault;
import io.dtm.sdk.testing.TransactionExplorer;
import io.dtm.sdk.testing.TransactionServer;
import io.dtm.sdk.testing.WithTransactionServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Whole transactions: a real server, and an application on a real web server. */
@WithTransactionServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransactionsTest {
  private static final Order TWO = new Order("umbrella", 2);
  private static final Order TOO_MANY = new Order("umbrella", 11);
  private static final Order NINE = new Order("umbrella", 9);
  private static final Duration RETRY = Duration.ofSeconds(20);
  private static final Duration CHECK_BACK = Duration.ofSeconds(60);
  private static final Runnable NOTHING = () -> {};

  private final TestDatabase database = TestDatabase.H2;
  private final TransactionServer server;
  private final TestApplication application;
  private final OrderService orders;

  TransactionsTest(TransactionServer server) {
    this.server = server;
    this.application = TestApplication.start(database, server.client(), ApplicationBeans.class);
    this.orders = application.bean(OrderService.class);
  }

  @BeforeEach
  void beginAnew() {
    server.clearFaults();
    database.layOut();
  }

  @AfterAll
  void close() {
    application.close();
  }

  @Test
  void aSagaOfMethodCallsSucceeds() {
    var result = orders.buy(TWO);

    assertThat(result).isInstanceOf(Succeeded.class);
    server.assertThat(result.gid()).hasSucceeded().wasCalled("01 action", "02 action");
    assertThat(server.calls(result.gid()))
        .extracting(call -> call.url().substring(application.url().length()))
        .containsExactly("/stock/deduct/action", "/wallet/check/action");
    assertThat(database.left()).isEqualTo(8);
  }

  @Test
  void aSagaThatIsRefusedIsUndone() {
    var result = orders.buy(NINE);

    assertThat(reason(result)).contains("too much to pay");
    server
        .assertThat(result.gid())
        .wasRolledBack()
        .wasCalled("01 action", "02 action", "01 compensate");
    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void aStepThatWasRefusedIsUndoneForNothing() {
    assertThat(reason(orders.buy(TOO_MANY))).contains("not enough of umbrella");

    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void aCallThatComesTwiceTakesEffectOnce() {
    server.inject(Fault.DUPLICATE, CallPattern.to("/stock/deduct"));

    var result = orders.buy(TWO);

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(database.left()).isEqualTo(8);
  }

  @Test
  void aLostAnswerIsAskedForAgain() {
    server.inject(Fault.REPLY_LOST, CallPattern.to("/stock/deduct").number(1));

    var gid = orders.buy(TWO).gid();
    server.advance(RETRY);

    server.assertThat(gid).hasSucceeded().wasCalled("01 action", "01 action", "02 action");
    assertThat(database.left()).isEqualTo(8);
  }

  @Test
  void noFaultOfASagaBreaksTheStock() {
    TransactionExplorer.over(server)
        .before(database::layOut)
        .scenario(client -> orders.buy(TWO))
        .invariant(end -> assertThat(database.left()).isEqualTo(end.succeeded() ? 8 : 10))
        .faultsMax(1)
        .check();
  }

  @Test
  void aTccOfMethodCallsSucceedsAndAnswersWhatItsTriesReturn() {
    var result = orders.book(TWO);

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(database.notes()).containsExactly("8 left");
    assertThat(database.left()).isEqualTo(8);
    assertThat(database.held()).isZero();
  }

  @Test
  void aTccWhoseTryRefusesIsCancelled() {
    var result = orders.book(NINE);

    assertThat(reason(result)).contains("too much to pay");
    assertThat(database.left()).isEqualTo(10);
    assertThat(database.held()).isZero();
    assertThat(database.notes()).isEmpty();
  }

  @Test
  void aTryThatDidNothingIsCancelledForNothing() {
    assertThat(reason(orders.book(TOO_MANY))).contains("not enough of umbrella");

    assertThat(database.left()).isEqualTo(10);
    assertThat(database.held()).isZero();
  }

  @Test
  void aMessageIsSentWhenTheTransactionCommits() {
    orders.sendBack(TWO);
    server.settle();

    assertThat(database.notes()).containsExactly("umbrella sent back");
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void aMessageIsDroppedWhenTheTransactionRollsBack() {
    assertThatThrownBy(() ->
            orders.sendBack(
                "rolled-back",
                TWO,
                () -> {
                  throw new IllegalStateException("no paper");
                }))
        .hasMessage("no paper");

    server.assertThat("rolled-back").wasRolledBack().wasCalled();
    assertThat(database.notes()).isEmpty();
    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void aMessageIsDroppedWithThePartOfTheTransactionThatItBelongsTo() {
    transaction()
        .executeWithoutResult(status -> {
          orders.sendBack("whole", TWO, NOTHING);
          assertThatThrownBy(() ->
                  orders.sendBackNested(
                      "part",
                      TWO,
                      () -> {
                        throw new IllegalStateException("no paper");
                      }))
              .hasMessage("no paper");
        });

    server.assertThat("part").wasRolledBack().wasCalled();
    server.assertThat("whole").hasSucceeded();
    assertThat(database.notes()).containsExactly("umbrella sent back");
  }

  private TransactionTemplate transaction() {
    return new TransactionTemplate(application.bean(PlatformTransactionManager.class));
  }

  @Test
  void aMessageWhoseManagerIsAwayAtTheCommitIsSentAfterItsCheckBack() {
    orders.sendBack("away", TWO, server::crash);
    server.restart();
    assertThat(database.left()).isEqualTo(10);

    server.advance(CHECK_BACK);

    server.assertThat("away").hasSucceeded();
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void aGidSendsOneMessage() {
    orders.sendBack("once", TWO, NOTHING);

    assertThatThrownBy(() -> orders.sendBack("once", TWO, NOTHING))
        .isInstanceOf(MessageAlreadyDecided.class)
        .hasMessageContaining("message once: ");

    server.settle();
    assertThat(database.notes()).containsExactly("umbrella sent back");
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void aSecondTryDoesNotDropWhatWasCommittedBefore() {
    orders.sendBack("tried-again", TWO, server::crash);
    server.restart();

    assertThatThrownBy(() -> orders.sendBack("tried-again", TWO, NOTHING))
        .isInstanceOf(MessageAlreadyDecided.class)
        .hasMessageContaining("decided before");
    server.advance(CHECK_BACK);

    server.assertThat("tried-again").hasSucceeded();
    assertThat(database.notes()).containsExactly("umbrella sent back");
  }

  @Test
  void aMessageMayHaveATransactionOfItsOwn() {
    assertThat(orders.sendBackAtOnce("own", TWO, NOTHING)).isInstanceOf(Succeeded.class);

    assertThat(database.notes()).containsExactly("umbrella sent back");
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void aMessageWhoseWorkRefusesIsDropped() {
    var result =
        orders.sendBackAtOnce(
            "refused",
            TWO,
            () -> {
              throw new BranchRefused("not ours");
            });

    assertThat(reason(result)).contains("not ours");
    assertThat(database.notes()).isEmpty();
    assertThat(database.left()).isEqualTo(10);
  }

  @Test
  void aMessageWithATransactionOfItsOwnIsSentOnce() {
    orders.sendBackAtOnce("again", TWO, NOTHING);

    assertThat(orders.sendBackAtOnce("again", TWO, NOTHING)).isInstanceOf(Succeeded.class);

    assertThat(database.notes()).containsExactly("umbrella sent back");
    assertThat(database.left()).isEqualTo(12);
  }

  @Test
  void whichTransactionAMessageBelongsToIsNeverGuessed() {
    var messages = application.bean(TransactionalMessages.class);
    var message = server.client().message("lonely");
    application.bean(Participants.class).in(message, Stock.class).replenish(TWO);

    assertThatThrownBy(() -> messages.submitAfterCommit(message))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no transaction is open");
    assertThatThrownBy(() -> orders.sendBackInside("inside", TWO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a transaction is open");
  }

  private static String reason(TransactionResult result) {
    return result.fold(
        accepted -> "", succeeded -> "", RolledBack::reason, pending -> pending.state().reason());
  }
}
