package io.dtm.server.branch;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.BranchResult.Availability;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionResumer;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Keeps destinations apart, so that one that hangs or is away costs the others nothing. Calls wait,
 * at most for their timeout, while their destination has as many running as it may have; further
 * ones are deferred, as are all but a few probes while it does not answer. Whoever was deferred is
 * resumed once there is a place, and in growing numbers once the destination is back. Thread-safe.
 */
public final class LimitedBranchCaller implements BranchCaller {
  private final BranchCaller caller;
  private final Destinations destinations;
  private final Resumption resumption;

  /**
   * @param threads where transactions are resumed; each task may block for the store
   * @param listener hears of destinations that fall silent and come back
   */
  public LimitedBranchCaller(
      BranchCaller caller,
      DestinationLimits limits,
      InstantSource clock,
      Timer timer,
      Executor threads,
      EngineListener listener) {
    this.caller = caller;
    this.destinations = new Destinations(limits, clock, listener);
    this.resumption = new Resumption(timer, clock, threads);
  }

  /** From now on, transactions that wait for a destination are resumed there. */
  public void start(TransactionResumer resumer) {
    resumption.start(resumer);
  }

  int remembered() {
    return destinations.remembered();
  }

  @Override
  public BranchResult call(BranchCall call) {
    var destination = Destination.of(call.url());
    var gate = destinations.approach(destination);
    try {
      return switch (gate.enter(call)) {
        case Gate.Admission.Admitted admitted -> call(call, gate, admitted);
        case Gate.Admission.TurnedAway(var why, var pause) -> new BranchResult.Deferred(why, pause);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new BranchResult.Deferred("interrupted while waiting to call " + destination);
    } finally {
      resumption.watch(gate);
      destinations.leave(destination);
    }
  }

  private BranchResult call(BranchCall call, Gate gate, Gate.Admission.Admitted admitted) {
    // Should the caller break, nothing is known of the destination either.
    BranchResult result = new BranchResult.Deferred(HttpBranchCaller.TAKEN_BACK);
    try {
      if (call.mayBegin().getAsBoolean()) {
        result = caller.call(call);
      }
    } finally {
      report(result, call, gate, admitted);
    }
    return seen(result, admitted);
  }

  private static void report(
      BranchResult result, BranchCall call, Gate gate, Gate.Admission.Admitted admitted) {
    switch (result) {
      case BranchResult.Deferred ignored -> gate.withdrawn(admitted);
      case BranchResult.Unclear(var why, var availability)
          when availability != Availability.ANSWERED ->
          gate.unanswered(admitted, call, why);
      case BranchResult.Unclear ignored -> gate.answered(admitted);
      case BranchResult.Succeeded ignored -> gate.answered(admitted);
      case BranchResult.Refused ignored -> gate.answered(admitted);
      case BranchResult.Ongoing ignored -> gate.answered(admitted);
    }
  }

  /** A probe that was not answered is no failure of its transaction. */
  private static BranchResult seen(BranchResult result, Gate.Admission.Admitted admitted) {
    return admitted.isProbe()
            && result instanceof BranchResult.Unclear(var why, var availability)
            && availability == Availability.UNAVAILABLE
        ? new BranchResult.Unclear(why, Availability.STILL_UNAVAILABLE)
        : result;
  }
}
