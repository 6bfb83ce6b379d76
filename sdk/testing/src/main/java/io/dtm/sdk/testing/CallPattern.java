package io.dtm.sdk.testing;

import static java.util.Objects.requireNonNull;

/**
 * Which calls a fault is for. Every part narrows it; a part that is left out fits any call.
 *
 * <pre>{@code
 * server.inject(Fault.REPLY_LOST, CallPattern.to("/TransIn").operation("action").first(2));
 * }</pre>
 *
 * @param urlPart somewhere in the participant's address; empty for any
 * @param branchId empty for any
 * @param operation empty for any
 * @param attemptFrom 1 for the first call of an operation of a branch
 * @param attemptTo the last one that is meant
 */
public record CallPattern(
    String urlPart, String branchId, String operation, int attemptFrom, int attemptTo) {

  public CallPattern {
    requireNonNull(urlPart, "urlPart");
    requireNonNull(branchId, "branchId");
    requireNonNull(operation, "operation");
    if (attemptFrom < 1 || attemptTo < attemptFrom) {
      throw new IllegalArgumentException(
          "attempts: %d to %d (expected: 1 or more, in this order)"
              .formatted(attemptFrom, attemptTo));
    }
  }

  /** Every call. */
  public static CallPattern any() {
    return to("");
  }

  /**
   * Calls of an address.
   *
   * @param urlPart somewhere in it, such as {@code /TransIn?} or {@code payments:8080}
   */
  public static CallPattern to(String urlPart) {
    return new CallPattern(urlPart, "", "", 1, Integer.MAX_VALUE);
  }

  /** Only those of a branch, such as {@code 01} for that of a saga's first step. */
  public CallPattern branch(String id) {
    return new CallPattern(urlPart, id, operation, attemptFrom, attemptTo);
  }

  /** Only {@code action}, {@code compensate}, {@code try}, {@code confirm}, {@code cancel}, …. */
  public CallPattern operation(String name) {
    return new CallPattern(urlPart, branchId, name, attemptFrom, attemptTo);
  }

  /** Only the n-th call of each operation of each branch, counted from 1. */
  public CallPattern number(int n) {
    return new CallPattern(urlPart, branchId, operation, n, n);
  }

  /** Only the first {@code count} calls of each operation of each branch. */
  public CallPattern first(int count) {
    return new CallPattern(urlPart, branchId, operation, 1, count);
  }

  boolean matches(CallIdentity call, int attempt) {
    return call.url().contains(urlPart)
        && (branchId.isEmpty() || branchId.equals(call.branchId()))
        && (operation.isEmpty() || operation.equals(call.operation()))
        && attempt >= attemptFrom
        && attempt <= attemptTo;
  }
}
