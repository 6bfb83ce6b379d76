package io.dtm.spring;

import io.dtm.barrier.BarrierOutcome;
import io.dtm.client.BranchRequest;

/** Is told of every guarded call, on its thread: for metrics. Every bean of this type is. */
@FunctionalInterface
public interface BarrierListener {
  /** The barrier has decided; the work, if there is any to do, begins next. Must not throw. */
  void onOutcome(BranchRequest request, BarrierOutcome outcome);
}
