package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Calls participants for the one who drives the transaction, in the way in which a manager calls
 * them. Implementations are thread-safe.
 */
@FunctionalInterface
public interface BranchTransport {
  /**
   * Calls once; nothing is repeated.
   *
   * @return completes with the answer of a branch that took effect; fails with {@link
   *     BranchRefused}, {@link BranchOngoing} or {@link BranchUnclear}
   */
  CompletionStage<Payload> call(BranchCall call);

  /**
   * Over HTTP: with {@code POST} and the payload as body, or {@code GET} where there is none.
   *
   * @param timeout how long to wait for a whole answer
   */
  static BranchTransport http(HttpClient client, Duration timeout) {
    return new HttpBranchTransport(
        requireNonNull(client, "client"), Arguments.timeout(timeout), new Wire());
  }
}
