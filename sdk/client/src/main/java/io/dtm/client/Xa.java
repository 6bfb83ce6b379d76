package io.dtm.client;

/**
 * An XA transaction: each branch does its work in an XA transaction of its own database and
 * prepares it; once all have, the manager has all of them commit, else roll back. Made by {@link
 * TransactionClient#xa()}.
 *
 * <pre>{@code
 * var result =
 *     client
 *         .xa()
 *         .waitForResult()
 *         .run(branches -> {
 *           branches.branch(bank + "/TransOutXa", transfer);
 *           branches.branch(bank + "/TransInXa", transfer);
 *         });
 * }</pre>
 *
 * <p>A participant registers its branch itself, from within its XA transaction; {@code dtm-sdk-xa}
 * does.
 */
public final class Xa extends TwoPhaseTransaction<Xa, XaBranches> {
  private final BranchTransport participants;

  Xa(Commands commands, BranchTransport participants, String gid) {
    super(commands, TransactionMode.XA, gid);
    this.participants = participants;
  }

  @Override
  Xa self() {
    return this;
  }

  @Override
  XaBranches branches() {
    return new XaBranches(
        commands(), participants, BranchFamily.ofGlobal(gid(), mode()), branchHeaders());
  }
}
