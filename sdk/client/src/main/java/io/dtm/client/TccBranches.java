package io.dtm.client;

import static io.dtm.client.Answers.await;
import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Operations;
import io.dtm.protocol.RegistrationJson;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Calls the branches of a TCC transaction: of one that {@link Tcc#run} drives, or those of a branch
 * that has some itself, see {@link TransactionClient#nestedTcc}. Thread-safe; branches are
 * confirmed and cancelled in the opposite order of their registration.
 */
public final class TccBranches {
  private final Commands commands;
  private final BranchTransport participants;
  private final BranchFamily family;
  private final Map<String, String> headers;

  TccBranches(
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
   * Registers a branch and calls its try.
   *
   * @param payload sent with all three calls as JSON; a {@link Payload} is sent as it stands
   * @return what the participant answered to the try
   * @throws BranchRefused when the participant refused, {@link BranchOngoing} when it wants to be
   *     asked later, {@link BranchUnclear} when it gave no clear answer. Let any of them out of the
   *     work, and the transaction is turned back
   * @throws TransactionManagerUnavailable when no manager answered; the try then was not called
   * @throws TransactionRefused when the transaction takes no branches any more: its time is up
   */
  public Payload branch(String tryUrl, String confirmUrl, String cancelUrl, Object payload) {
    return await(branchAsync(tryUrl, confirmUrl, cancelUrl, payload));
  }

  /** As {@link #branch} without blocking; fails with what that would throw. */
  public CompletableFuture<Payload> branchAsync(
      String tryUrl, String confirmUrl, String cancelUrl, Object payload) {
    Arguments.participantUrl("tryUrl", tryUrl, commands.managers().protocol());
    var body = commands.wire().payload(requireNonNull(payload, "payload"));
    return registerAsync(confirmUrl, cancelUrl, body)
        .thenCompose(request -> participants.call(new BranchCall(tryUrl, request, body, headers)));
  }

  /**
   * Registers a branch whose try you call yourself, with a client of your own: with the request's
   * {@linkplain BranchRequest#parameters() parameters} in the query of the URL, or in the metadata.
   *
   * @param payload what the confirm and the cancel are called with
   * @throws TransactionManagerUnavailable and {@link TransactionRefused} as {@link #branch}
   */
  public BranchRequest register(String confirmUrl, String cancelUrl, Object payload) {
    return await(registerAsync(confirmUrl, cancelUrl, payload));
  }

  /** As {@link #register} without blocking; fails with what that would throw. */
  public CompletableFuture<BranchRequest> registerAsync(
      String confirmUrl, String cancelUrl, Object payload) {
    Arguments.participantUrl("confirmUrl", confirmUrl, commands.managers().protocol());
    Arguments.participantUrl("cancelUrl", cancelUrl, commands.managers().protocol());
    var body = commands.wire().payload(requireNonNull(payload, "payload"));
    var request = family.next(Operations.TRY, commands.managers().address(), "");
    var registration =
        new RegistrationJson(
            request.gid(),
            request.mode().word(),
            request.branchId(),
            null,
            confirmUrl,
            cancelUrl,
            null,
            null,
            null);
    return commands.register(registration, body).thenApply(registered -> request);
  }
}
