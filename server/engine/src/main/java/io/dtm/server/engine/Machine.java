package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import java.time.Instant;

/**
 * Decides for one mode of transaction. Pure: the same arguments give the same verdict, nothing is
 * changed, nothing is called.
 */
interface Machine {

  /**
   * What to do next.
   *
   * @param pass what the running pass has started and learned so far
   */
  Verdict next(GlobalTransaction transaction, PassState pass, Instant now);

  /**
   * Whether a refusal of this branch is final. Where it is not, a refusal counts as an unclear
   * answer and is asked again.
   */
  boolean mayBeRefused(Branch branch);

  /**
   * Whether a branch's success has to be stored before anything is called that it makes possible.
   * Where it has not, a success that was not stored is learned again by a repeated call.
   */
  default boolean storesSuccessFirst(GlobalTransaction transaction) {
    return false;
  }
}
