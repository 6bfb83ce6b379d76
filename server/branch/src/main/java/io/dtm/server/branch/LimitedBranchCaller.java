package io.dtm.server.branch;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;

/**
 * Makes calls wait, at most for their timeout, while their destination has as many running as it
 * may have. What then still has no place is deferred: no call was made. Thread-safe.
 */
public final class LimitedBranchCaller implements BranchCaller {
  private final BranchCaller caller;
  private final DestinationLimits limits;

  public LimitedBranchCaller(BranchCaller caller, DestinationLimits limits) {
    this.caller = caller;
    this.limits = limits;
  }

  @Override
  public BranchResult call(BranchCall call) {
    var destination = Destination.of(call.url());
    try {
      var place = limits.take(destination, call.timeout());
      if (place.isEmpty()) {
        return new BranchResult.Deferred(
            "%s has %d calls running, as many as it may have"
                .formatted(destination, limits.callsMax()));
      }
      try {
        return caller.call(call);
      } finally {
        place.get().close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new BranchResult.Deferred("interrupted while waiting to call " + destination);
    }
  }
}
