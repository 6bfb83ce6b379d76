package io.dtm.cli;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.client.TransactionState;
import io.dtm.client.TransactionStatus;
import io.dtm.client.TransactionUnknown;
import io.dtm.examples.bank.Bank;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/**
 * The demonstration: two transfers, of which one succeeds and one is rolled back, each with what
 * happened and what came of it.
 */
final class QuickStartTour {
  private static final long AMOUNT = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final TransactionClient client;
  private final Bank bank;
  private final QuickStartTimeline timeline;
  private final PrintWriter out;

  QuickStartTour(
      TransactionClient client, Bank bank, QuickStartTimeline timeline, PrintWriter out) {
    this.client = client;
    this.bank = bank;
    this.timeline = timeline;
    this.out = out;
  }

  /** Whether everything came out as it should. */
  boolean run() {
    warmUp();
    var first =
        transfer(
            "1. alice pays bob 30",
            Map.of("amount", AMOUNT),
            new Expected(TransactionStatus.SUCCEEDED, AMOUNT));
    var second =
        transfer(
            "2. alice pays bob 30 again, but bob's account is frozen",
            Map.of("amount", AMOUNT, "refuse", "account frozen"),
            new Expected(TransactionStatus.FAILED, 0));
    return first && second;
  }

  /**
   * Loads what a first request loads, so that the first timeline shows a transfer and not a JVM
   * that starts.
   */
  private void warmUp() {
    try {
      client.query(client.newGid());
    } catch (TransactionUnknown e) {
      // As it has to be: nobody has this gid.
    }
  }

  /** What has to come of a transfer. */
  private record Expected(TransactionStatus status, long moved) {}

  private boolean transfer(String title, Map<String, Object> payloadOfPayee, Expected expected) {
    var before = bank.balances();
    var saga =
        client
            .saga()
            .step(url("TransOut"), url("TransOutCompensate"), Map.of("amount", AMOUNT))
            .step(url("TransIn"), url("TransInCompensate"), payloadOfPayee)
            .waitForResult();

    out.printf("%n%s%n%n", title);
    timeline.begin(saga.gid());
    timeline.clientAsked("submit saga " + saga.gid());
    var result = saga.submit();
    timeline.clientAnswered(inWords(result));
    var state = client.waitFor(saga.gid(), PATIENCE);

    timeline.lines().forEach(out::println);
    printBalances(before, bank.balances());
    printEnd(state);
    var isRight = check(expected, before, state);
    out.flush();
    return isRight;
  }

  private void printBalances(Map<String, Long> before, Map<String, Long> after) {
    out.printf("%n   %-10s %10s %10s%n", "account", "before", "after");
    for (var name : before.keySet()) {
      out.printf("   %-10s %10d %10d%n", name, balance(before, name), balance(after, name));
    }
  }

  private void printEnd(TransactionState state) {
    out.printf("%n   status     %s%n", inWords(state.status()));
    if (!state.reason().isEmpty()) {
      out.printf("   reason     %s%n", state.reason());
    }
  }

  /** Every check is made, so that all that is wrong is said. */
  private boolean check(Expected expected, Map<String, Long> before, TransactionState state) {
    var after = bank.balances();
    var payerExpected = balance(before, Bank.PAYER) - expected.moved();
    var payeeExpected = balance(before, Bank.PAYEE) + expected.moved();
    var statusIsRight = is("status", inWords(state.status()), inWords(expected.status()));
    var payerIsRight = is(Bank.PAYER, balance(after, Bank.PAYER), payerExpected);
    var payeeIsRight = is(Bank.PAYEE, balance(after, Bank.PAYEE), payeeExpected);
    return statusIsRight && payerIsRight && payeeIsRight;
  }

  private boolean is(String what, Object actual, Object expected) {
    if (expected.equals(actual)) {
      return true;
    }
    out.printf("   WRONG      %s: %s (expected: %s)%n", what, actual, expected);
    return false;
  }

  private static long balance(Map<String, Long> balances, String name) {
    return balances.getOrDefault(name, 0L);
  }

  private String url(String name) {
    return bank.url() + "/" + name;
  }

  private static String inWords(TransactionResult result) {
    return result.fold(
        accepted -> "accepted",
        succeeded -> inWords(TransactionStatus.SUCCEEDED),
        rolledBack -> inWords(TransactionStatus.FAILED),
        pending -> inWords(pending.state().status()));
  }

  private static String inWords(TransactionStatus status) {
    return switch (status) {
      case PREPARED -> "prepared";
      case SUBMITTED -> "still under way";
      case ABORTING -> "still rolling back";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed: rolled back";
    };
  }
}
