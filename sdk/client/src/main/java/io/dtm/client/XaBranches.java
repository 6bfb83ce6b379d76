package io.dtm.client;

import static io.dtm.client.Answers.await;
import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Operations;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Calls the branches of an XA transaction: of one that {@link Xa#run} drives, or those of a branch
 * that has some itself, see {@link TransactionClient#nestedXa}. Thread-safe.
 */
public final class XaBranches {
  private final Commands commands;
  private final BranchTransport participants;
  private final BranchFamily family;
  private final Map<String, String> headers;

  XaBranches(
      Commands commands,
      BranchTransport participants,
      BranchFamily family,
      Map<String, String> headers) {
    this.commands = commands;
    this.participants = participants;
    this.family = family;
    this.headers = headers;
  }

  /**
   * Has a participant do its work and prepare it.
   *
   * @param url where the work, and later its commit or rollback, is asked for
   * @param payload sent with the work as JSON; a {@link Payload} is sent as it stands. The commit
   *     and the rollback have none
   * @return what the participant answered
   * @throws BranchRefused when the participant refused, {@link BranchOngoing} when it wants to be
   *     asked later, {@link BranchUnclear} when it gave no clear answer. Let any of them out of the
   *     work, and the transaction is turned back
   */
  public Payload branch(String url, Object payload) {
    return await(branchAsync(url, payload));
  }

  /** As {@link #branch} without blocking; fails with what that would throw. */
  public CompletableFuture<Payload> branchAsync(String url, Object payload) {
    Arguments.participantUrl("url", url, commands.managers().protocol());
    var body = commands.wire().payload(requireNonNull(payload, "payload"));
    var call = new BranchCall(url, next(url), body, headers);
    return participants.call(call).toCompletableFuture();
  }

  /**
   * The next branch, for whoever calls its participant with a client of their own: with the
   * request's {@linkplain BranchRequest#parameters() parameters} in the query of the URL, or in the
   * metadata.
   *
   * @param phase2Url where its commit or rollback is asked for
   */
  public BranchRequest next(String phase2Url) {
    Arguments.participantUrl("phase2Url", phase2Url, commands.managers().protocol());
    return family.next(Operations.ACTION, commands.managers().address(), phase2Url);
  }
}
