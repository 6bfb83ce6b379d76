package io.dtm.client;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Carries requests to a manager and its answers back. There is one over HTTP in this library and
 * one over gRPC in {@code dtm-sdk-grpc}; a test or a library may put another in front of them, to
 * count, to trace, to lose answers. Implementations are thread-safe.
 */
public interface ManagerTransport {
  /**
   * Asks.
   *
   * @return completes with what a living manager answered, whatever that was; fails with {@link
   *     TransactionManagerUnavailable} when none gave a usable answer: nothing is known then, and
   *     asking the same again is safe, for every request carries its gid
   * @throws IllegalArgumentException when this way cannot carry the request, such as bytes that are
   *     no text over HTTP
   */
  CompletionStage<ManagerReply> call(ManagerRequest request);

  /**
   * Where the manager can be reached that answered last, as participants are told it; they may come
   * back there with branches of their own.
   */
  String address();

  /** How the manager is to call branches whose addresses name no protocol of their own. */
  BranchProtocol protocol();

  /**
   * One out of several to managers on the same store. A request goes to the one that answered last;
   * to the next when that one is unavailable; and to each once at most.
   *
   * @param transports one at least, each with the same {@link #protocol()}
   */
  static ManagerTransport failover(List<? extends ManagerTransport> transports) {
    return new FailoverTransport(transports);
  }
}
