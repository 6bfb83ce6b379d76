package io.dtm.interop.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what a server does in its own time. */
final class Await {
  static final Duration LIMIT = Duration.ofSeconds(40);
  private static final Duration PAUSE = Duration.ofMillis(15);

  private Await() {}

  /** Asks until the answer is as wanted, at most {@link #LIMIT}. */
  static <T> T until(Supplier<T> question, Predicate<T> wanted) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      T answer = question.get();
      if (wanted.test(answer)) {
        return answer;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("after %s still: %s".formatted(LIMIT, answer));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /** Watches for as long as given that the answer stays as wanted. */
  static <T> void stays(Duration length, Supplier<T> question, Predicate<T> wanted) {
    long end = System.nanoTime() + length.toNanos();
    while (System.nanoTime() < end) {
      T answer = question.get();
      if (!wanted.test(answer)) {
        throw new AssertionError("changed to: " + answer);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
