package io.dtm.client;

/**
 * A TCC transaction: its caller has each branch <em>try</em>, which reserves what is needed; once
 * all have, the manager has all of them <em>confirm</em>, else <em>cancel</em>. Made by {@link
 * TransactionClient#tcc()}.
 *
 * <pre>{@code
 * var result =
 *     client
 *         .tcc()
 *         .waitForResult()
 *         .run(branches -> {
 *           branches.branch(out + "/try", out + "/confirm", out + "/cancel", transfer);
 *           branches.branch(in + "/try", in + "/confirm", in + "/cancel", transfer);
 *         });
 * }</pre>
 *
 * <p>A branch is registered with the manager before its try is called, so that a cancel may arrive
 * where no try ever did, or before it; barriers take care of both.
 */
public final class Tcc extends TwoPhaseTransaction<Tcc, TccBranches> {
  private final BranchTransport participants;

  Tcc(Commands commands, BranchTransport participants, String gid) {
    super(commands, TransactionMode.TCC, gid);
    this.participants = participants;
  }

  @Override
  Tcc self() {
    return this;
  }

  @Override
  TccBranches branches() {
    return new TccBranches(
        commands(), participants, BranchFamily.ofGlobal(gid(), mode()), branchHeaders());
  }
}
