package io.dtm.sdk.testing;

import io.dtm.client.TransactionState;
import io.dtm.client.TransactionStatus;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Assertions on one transaction as it was when they began. Each throws an {@link AssertionError}
 * that shows how the transaction went.
 */
public final class TransactionAssert {
  private final TransactionState state;
  private final List<RecordedCall> calls;

  TransactionAssert(TransactionState state, List<RecordedCall> calls) {
    this.state = state;
    this.calls = calls;
  }

  /** It has ended, and every branch took effect. */
  public TransactionAssert hasSucceeded() {
    return hasStatus(TransactionStatus.SUCCEEDED);
  }

  /** It has ended as failed. */
  public TransactionAssert wasRolledBack() {
    return hasStatus(TransactionStatus.FAILED);
  }

  public TransactionAssert hasStatus(TransactionStatus expected) {
    return check(
        state.status() == expected,
        "status: %s (expected: %s)".formatted(state.status(), expected));
  }

  /** It is still under way, forward or back. */
  public TransactionAssert isUnfinished() {
    return check(
        !state.isFinal(), "status: %s (expected: one that is not final)".formatted(state.status()));
  }

  /** The reason for which it turned back has {@code part} in it. */
  public TransactionAssert hasReasonContaining(String part) {
    return check(
        state.reason().contains(part),
        "reason: \"%s\" (expected: with \"%s\" in it)".formatted(state.reason(), part));
  }

  /**
   * Its branches were called in this order, and no more.
   *
   * @param steps such as {@code 01 action}, one for each call, repetitions included
   */
  public TransactionAssert wasCalled(String... steps) {
    var actual = calls.stream().map(RecordedCall::step).toList();
    return check(
        actual.equals(List.of(steps)),
        "calls: %s (expected: %s)".formatted(actual, List.of(steps)));
  }

  private TransactionAssert check(boolean holds, String problem) {
    if (!holds) {
      throw new AssertionError("transaction %s: %s%n%s".formatted(state.gid(), problem, story()));
    }
    return this;
  }

  private String story() {
    return calls.stream()
        .map(call -> "  " + call)
        .collect(Collectors.joining(System.lineSeparator(), "its calls:%n".formatted(), ""));
  }
}
