package io.dtm.xa;

/**
 * Another session has the branch at the moment: it is still at work, or has not let go of what it
 * prepared. Nothing was done; answer 425, and the call is repeated.
 */
public final class XaBranchBusy extends RuntimeException {
  private static final long serialVersionUID = 1L;

  XaBranchBusy(XaBranch branch) {
    super(branch + ": in use by another session (expected: to be let go in a moment)");
  }
}
