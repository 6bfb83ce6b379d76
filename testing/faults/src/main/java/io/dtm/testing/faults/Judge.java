package io.dtm.testing.faults;

import io.dtm.testing.faults.Disturbances.Disturbance;
import io.dtm.testing.faults.Disturbances.Kind;
import io.dtm.testing.faults.RecordingParticipant.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what participants saw with what clients were told: nothing acknowledged is lost, every
 * transaction ends, and the invariants hold as far as they can be seen from outside.
 */
final class Judge {
  /** A result that is this fresh may be lost with what was disturbed: lazy writes and time-outs. */
  private static final Duration ROOM = Duration.ofSeconds(5);

  /** A call that a kill cut off was made this short before it. */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

  /** Asks a client about a transaction as a whole; may be asked as often as anybody likes. */
  private static final String CHECK_BACK = "00 ";

  private final Disturbances disturbances;
  private final List<String> lost = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<Long> takeOverMillis = new ArrayList<>();
  private int duplicates;

  Judge(Disturbances disturbances) {
    this.disturbances = disturbances;
  }

  /** To be called once, when nothing is going on any more. */
  void judge(Chronicle chronicle, Ends ends, RecordingParticipant participant) {
    chronicle
        .entries()
        .forEach((gid, entry) -> {
          var calls = participant.callsWithTimes(gid);
          var status = ends.statuses().getOrDefault(gid, "not told");
          checkEnd(gid, entry, status);
          if (entry.acknowledged() && status.equals(entry.flow().end())) {
            checkFlow(gid, entry.flow(), calls.stream().map(Call::step).toList());
          }
          checkCalls(gid, calls);
          checkEffects(gid, entry.flow(), status, calls);
          checkNothingLate(gid, ends.callsAtEnd().get(gid), calls);
        });
  }

  List<String> lost() {
    return lost;
  }

  List<String> violations() {
    return violations;
  }

  int duplicates() {
    return duplicates;
  }

  /** From a kill to the repetition of each call that it cut off. */
  List<Long> takeOverMillis() {
    return takeOverMillis.stream().sorted().toList();
  }

  private void checkEnd(String gid, Chronicle.Entry entry, String status) {
    if (entry.acknowledged() && !status.equals(entry.flow().end())) {
      lost.add("%s %s: %s (expected: %s)".formatted(gid, entry, status, entry.flow().end()));
    }
    boolean mayBeOpen = entry.flow() == Flow.WORKFLOW && !entry.acknowledged();
    if (!mayBeOpen && !Set.of("succeed", "failed", Ends.MISSING).contains(status)) {
      violations.add("%s %s: has not ended: %s".formatted(gid, entry, status));
    }
  }

  private void checkFlow(String gid, Flow flow, List<String> steps) {
    if (!steps.containsAll(flow.called())) {
      violations.add("%s %s: not all of %s in %s".formatted(gid, flow, flow.called(), steps));
    }
    if (steps.stream().anyMatch(flow.neverCalled()::contains)) {
      violations.add("%s %s: one of %s in %s".formatted(gid, flow, flow.neverCalled(), steps));
    }
  }

  /** I3, I7 and I8. */
  private void checkCalls(String gid, List<Call> calls) {
    var last = new HashMap<String, Call>();
    for (var call : calls) {
      var step = call.step();
      if (step.startsWith(CHECK_BACK)) {
        continue;
      }
      var branch = step.substring(0, 2);
      if (step.endsWith(" compensate") && !last.containsKey(branch + " action")) {
        violations.add(gid + ": compensated without an action (I3): " + steps(calls));
      }
      var earlier = last.put(step, call);
      if (earlier != null) {
        duplicate(gid, earlier, call, calls);
      }
    }
    for (var branch : List.of("01", "02")) {
      if (isBoth(last, branch, " confirm", " cancel")
          || isBoth(last, branch, " commit", " rollback")) {
        violations.add(gid + ": both ways (I7): " + steps(calls));
      }
    }
  }

  private static boolean isBoth(Map<String, Call> seen, String branch, String one, String other) {
    return seen.containsKey(branch + one) && seen.containsKey(branch + other);
  }

  private void duplicate(String gid, Call earlier, Call again, List<Call> calls) {
    duplicates++;
    if (!disturbances.isNear(earlier.atNanos(), ROOM)
        && !disturbances.isNear(again.atNanos(), ROOM)) {
      violations.add(gid + ": called twice without a cause (I8): " + steps(calls));
    }
    disturbances.of(Kind.KILL).stream()
        .filter(kill -> cutOff(kill, earlier) && again.atNanos() > kill.toNanos())
        .mapToLong(kill -> (again.atNanos() - kill.fromNanos()) / 1_000_000)
        .min()
        .ifPresent(takeOverMillis::add);
  }

  private static boolean cutOff(Disturbance kill, Call call) {
    return call.atNanos() <= kill.toNanos()
        && kill.fromNanos() - call.atNanos() < IN_FLIGHT.toNanos();
  }

  /** What stands in the end where participants apply each effect once, as the barrier has them. */
  private void checkEffects(String gid, Flow flow, String status, List<Call> calls) {
    var applied = new HashMap<String, Boolean>();
    for (var call : calls) {
      var branch = call.step().substring(0, 2);
      if (call.step().endsWith(" action") && !isRefused(flow, branch)) {
        applied.putIfAbsent(branch, true);
      } else if (call.step().endsWith(" compensate")) {
        applied.put(branch, false);
      }
    }
    if (status.equals("failed") && applied.containsValue(true)) {
      violations.add(gid + ": failed, but an effect stands: " + steps(calls));
    }
    if (status.equals("succeed") && applied.containsValue(false)) {
      violations.add(gid + ": succeeded, but an effect was undone: " + steps(calls));
    }
  }

  private static boolean isRefused(Flow flow, String branch) {
    return flow == Flow.REFUSED_SAGA && branch.equals("02");
  }

  /** I2: what a paused node had begun to send may come late, nothing else. */
  private void checkNothingLate(String gid, @Nullable Integer atEnd, List<Call> calls) {
    if (atEnd != null
        && calls.stream().skip(atEnd).anyMatch(c -> !disturbances.isNear(c.atNanos(), ROOM))) {
      violations.add(gid + ": called after its end (I2): " + steps(calls));
    }
  }

  private static List<String> steps(List<Call> calls) {
    return calls.stream().map(Call::step).toList();
  }
}
