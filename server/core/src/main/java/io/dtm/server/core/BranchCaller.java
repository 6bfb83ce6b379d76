package io.dtm.server.core;

/** Calls participants. Thread-safe. */
public interface BranchCaller {

  /**
   * Makes one call and waits for its end, at most for the call's timeout. Whatever goes wrong is a
   * {@link BranchResult}; only an interrupt or a bug ends it otherwise.
   */
  BranchResult call(BranchCall call);
}
