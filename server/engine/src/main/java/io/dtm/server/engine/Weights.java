package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Step;

/**
 * Roughly what transactions take in memory, in bytes: enough to keep many large ones from being in
 * work at a time.
 */
final class Weights {
  /** Of objects and short texts. */
  private static final long TRANSACTION_OVERHEAD = 1_024;

  private static final long BRANCH_OVERHEAD = 256;

  private Weights() {}

  static long of(GlobalTransaction transaction) {
    var progress = transaction.progress();
    long weight =
        TRANSACTION_OVERHEAD
            + transaction.definition().customData().length()
            + progress.rollbackReason().length()
            + progress.result().length();
    for (var branch : transaction.branches()) {
      weight += of(branch);
    }
    return weight;
  }

  private static long of(Branch branch) {
    return BRANCH_OVERHEAD
        + branch.payload().size()
        + branch.url().length()
        + branch.progress().lastFailure().length();
  }

  /** Of the transaction that is to be made: a step may become two branches. */
  static long of(TransactionRequest request) {
    long weight = TRANSACTION_OVERHEAD + request.customData().length();
    for (var step : request.steps()) {
      weight += of(step);
    }
    return weight;
  }

  private static long of(Step step) {
    return 2 * BRANCH_OVERHEAD
        + 2L * step.payload().size()
        + step.action().length()
        + step.compensate().length();
  }
}
