package io.dtm.testing.sdk;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionState;
import java.time.Duration;

/** Has the server try again at once, so that no test waits for a pause to be over. */
final class Retries {
  private static final Duration BETWEEN = Duration.ofMillis(100);

  private Retries() {}

  /** Until the transaction has ended; a test that never ends runs into its time limit. */
  static TransactionState untilTheEnd(TransactionClient client, String gid) {
    var state = client.query(gid);
    while (!state.isFinal()) {
      client.retryNow(gid);
      state = client.waitFor(gid, BETWEEN);
    }
    return state;
  }
}
