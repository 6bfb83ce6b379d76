package io.dtm.sdk.testing;

import io.dtm.sdk.testing.Switchboard.Placed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which faults befall which calls in one run. */
record FaultPlan(Map<CallPoint, Fault> faults) implements FaultScript {

  FaultPlan {
    faults = Map.copyOf(faults);
  }

  static FaultPlan none() {
    return new FaultPlan(Map.of());
  }

  @Override
  public Fault faultFor(CallIdentity call, CallPoint point) {
    return faults.getOrDefault(point, Fault.NONE);
  }

  int size() {
    return faults.size();
  }

  /**
   * The plans with one fault more, at a call that came after the last fault: so each set of faults
   * comes up once, and only where it can happen.
   *
   * @param calls of the run that followed this plan
   */
  List<FaultPlan> extended(List<Placed> calls, Set<Fault> kinds) {
    var plans = new ArrayList<FaultPlan>();
    for (var call : calls.subList(afterLastFault(calls), calls.size())) {
      if (isLateArrival(call)) {
        continue;
      }
      kinds.stream()
          .filter(fault -> canBefall(call.call(), fault))
          .forEach(fault -> plans.add(with(call.point(), fault)));
    }
    return plans;
  }

  private int afterLastFault(List<Placed> calls) {
    int after = 0;
    for (int i = 0; i < calls.size(); i++) {
      if (faults.containsKey(calls.get(i).point()) && !isLateArrival(calls.get(i))) {
        after = i + 1;
      }
    }
    return after;
  }

  private static boolean isLateArrival(Placed call) {
    return call.record().fault() == Fault.LATE && !call.record().delivered().isEmpty();
  }

  /**
   * What the participant has promised cannot be refused; a question that comes late does no harm.
   */
  private static boolean canBefall(CallIdentity call, Fault fault) {
    return switch (fault) {
      case NONE -> false;
      case REFUSE -> call.mayBeRefused();
      case LATE -> !call.isQuestion();
      case REPLY_LOST, DUPLICATE, ERROR, TIME_OUT, ONGOING, CRASH_BEFORE, CRASH_AFTER -> true;
    };
  }

  private FaultPlan with(CallPoint point, Fault fault) {
    var more = new HashMap<>(faults);
    more.put(point, fault);
    return new FaultPlan(more);
  }
}
