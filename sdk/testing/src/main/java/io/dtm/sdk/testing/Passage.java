package io.dtm.sdk.testing;

/**
 * The way of one call to its participant, as far as it depends on who calls.
 *
 * @param <A> the answer in the form that the caller expects
 */
interface Passage<A> {
  /** Has it arrive once more, and waits for the answer. */
  A deliver();

  CallAnswer meaning(A answer);

  /** What the caller is told when a fault keeps the true answer from it. */
  A insteadOf(Fault fault);

  /** Whether it is the server who calls, so that the call ends with it. */
  boolean isOfServer();
}
