package io.dtm.interop.conformance;

import java.util.concurrent.CountDownLatch;

/**
 * What a participant says to one call.
 *
 * @param outcome the gist
 * @param reason the text that goes with it
 * @param gate not answered before this opens
 */
record Answer(Outcome outcome, String reason, CountDownLatch gate) {
  enum Outcome {
    SUCCESS,
    FAILURE,
    ONGOING,
    ERROR,
    /** As old services refuse: within an answer that is fine otherwise. */
    OLD_FAILURE,
    /** As old services put off. */
    OLD_ONGOING
  }

  static final Answer SUCCESS = of(Outcome.SUCCESS, "");
  static final Answer FAILURE = of(Outcome.FAILURE, "out of stock");
  static final Answer ONGOING = of(Outcome.ONGOING, "");
  static final Answer ERROR = of(Outcome.ERROR, "disk full");

  static final Answer OLD_FAILURE = of(Outcome.OLD_FAILURE, "FAILURE");
  static final Answer OLD_ONGOING = of(Outcome.OLD_ONGOING, "ONGOING");

  static Answer refusal(String reason) {
    return of(Outcome.FAILURE, reason);
  }

  Answer after(CountDownLatch opening) {
    return new Answer(outcome, reason, opening);
  }

  private static Answer of(Outcome outcome, String reason) {
    return new Answer(outcome, reason, new CountDownLatch(0));
  }
}
