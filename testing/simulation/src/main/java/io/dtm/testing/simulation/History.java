package io.dtm.testing.simulation;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchResult;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the store committed, what participants were asked, and what clients were told, written down
 * outside the engine. Checks with every entry the invariants that can be seen at once; the first
 * broken one is kept.
 */
final class History {
  /** Further in the future than any due time that the configuration or a clock can make. */
  private static final Duration DUE_MAX = Duration.ofMinutes(5);

  private final World world;
  private final boolean calm;
  private final boolean skewed;
  private final Duration grace;
  private final Plan plan;
  private final Map<String, Track> records = new LinkedHashMap<>();
  private Consumer<String> operator = gid -> {};
  private int open;
  private @Nullable Violation violation;

  /** All about one transaction. */
  static final class Track {
    final String gid;
    @Nullable GlobalTransaction last;
    long finalAt = Long.MAX_VALUE;
    String finalBy = "";

    /** Somebody from outside ended it, or may have, so a pass elsewhere may not know of it yet. */
    boolean endedFromOutside;

    boolean forceStopped;

    /** Unclear ends of calls since it was stored, or resumed. */
    int unclear;

    boolean deleted;
    boolean submitAcknowledged;
    boolean abortAcknowledged;
    final Set<String> registered = new HashSet<>();
    final Map<String, Calls> calls = new LinkedHashMap<>();

    Track(String gid) {
      this.gid = gid;
    }

    boolean wasCalled(String branchId, Operation operation) {
      return calls.containsKey(key(branchId, operation));
    }
  }

  /** The calls of one operation of one branch. */
  static final class Calls {
    int count;
    int inFlight;
    boolean settled;
  }

  /**
   * @param lease how long a pass on another node may go on without noticing an end from outside
   */
  History(World world, Plan plan, Duration lease) {
    this.world = world;
    this.plan = plan;
    this.calm = plan.isCalm();
    this.skewed = plan.isSkewed();
    this.grace = lease.plus(plan.skewMax());
  }

  /** Somebody is told the gid whenever a transaction has been parked. */
  void tellOfParked(Consumer<String> somebody) {
    operator = somebody;
  }

  Track of(String gid) {
    return records.computeIfAbsent(gid, Track::new);
  }

  Iterable<Track> all() {
    return records.values();
  }

  /** How many stored transactions have not ended. */
  int open() {
    return open;
  }

  @Nullable Violation violation() {
    return violation;
  }

  void violated(String invariant, String gid, String how) {
    if (violation == null) {
      violation = new Violation(invariant, gid, how);
      world.tell(gid, "VIOLATION " + violation.getMessage());
    }
  }

  static String key(String branchId, Operation operation) {
    return branchId + "/" + operation.name();
  }

  /** The store has committed a write: {@code before} is what its author replaced; null: nothing. */
  void committed(String by, @Nullable GlobalTransaction before, GlobalTransaction after) {
    var record = of(after.gid().value());
    var last = record.last;
    world.tell(record.gid, "stored by " + by + ": " + brief(after));
    if (last == null ? before != null : before == null || before.version() != last.version()) {
      violated("I4", record.gid, "a write that had lost its race was committed by " + by);
    }
    if (last != null && after.version() != last.version() + 1) {
      violated(
          "I4", record.gid, "version %d follows %d".formatted(after.version(), last.version()));
    }
    if (last != null && last.status().isFinal() && last.status() != after.status()) {
      violated("I1", record.gid, "%s after %s".formatted(after.status(), last.status()));
    }
    checkSchedule(record, last, after);
    boolean wasOpen = last != null && !last.status().isFinal();
    open += (after.status().isFinal() ? 0 : 1) - (wasOpen ? 1 : 0);
    if (after.status().isFinal() && record.finalAt == Long.MAX_VALUE) {
      record.finalAt = world.nanos();
      record.finalBy = by;
    }
    record.last = after;
  }

  private void checkSchedule(
      Track record, @Nullable GlobalTransaction last, GlobalTransaction after) {
    var parking = after.schedule().parking();
    if (after.status().isFinal()) {
      return;
    }
    if (parking != null) {
      checkParking(record, parking);
      operator.accept(record.gid);
    } else if (after.schedule().dueAt().isAfter(world.instant().plus(DUE_MAX))) {
      violated("I5", record.gid, "due only at " + after.schedule().dueAt());
    }
    if (last != null && last.schedule().isParked()) {
      record.unclear = 0;
    }
  }

  /** Never without a reason, and never earlier than its client allows. */
  private void checkParking(Track record, Parking parking) {
    var order = plan.order(record.gid);
    int attemptsMax = order.policy().attemptsMax();
    if (!order.mayBeParked() || parking.reason().isBlank()) {
      violated("I5", record.gid, "parked without a reason: " + parking);
    } else if (order.policy().ageMax().isZero() && record.unclear < attemptsMax) {
      violated(
          "I5",
          record.gid,
          "parked after %d unclear answers (expected: at least %d)"
              .formatted(record.unclear, attemptsMax));
    }
  }

  /** The store has deleted it, for good. */
  void deleted(String by, GlobalTransaction stored) {
    var record = of(stored.gid().value());
    record.deleted = true;
    world.tell(record.gid, "deleted by " + by);
    var endedAt = stored.progress().finishedAt();
    // Both times are of clocks that may be off.
    var kept = plan.retention().minus(plan.skewMax().multipliedBy(2));
    if (!stored.status().isFinal() || endedAt == null) {
      violated("promise", record.gid, "deleted before it has ended");
    } else if (Duration.between(endedAt, world.instant()).compareTo(kept) < 0) {
      violated("promise", record.gid, "deleted too early; it ended at " + endedAt);
    }
  }

  /** Whether nothing is left in the store. */
  boolean isAllDeleted() {
    return records.values().stream().allMatch(record -> record.last == null || record.deleted);
  }

  /** A store has handed a transaction to a node because it was due. */
  void claimed(String by, @Nullable GlobalTransaction before, GlobalTransaction after) {
    if (before != null
        && before.schedule().isClaimed()
        && before.schedule().dueAt().isAfter(world.instant())) {
      violated(
          "I8",
          after.gid().value(),
          "claimed for %s while the claim of %s holds"
              .formatted(by, before.schedule().claimedBy()));
    }
    committed(by + ", which claims", before, after);
  }

  void callBegins(String by, BranchCall call) {
    var record = of(call.gid().value());
    var key = key(call.branchId(), call.operation());
    world.tell(record.gid, by + " calls " + key);
    checkCall(by, record, call);
    var calls = record.calls.computeIfAbsent(key, k -> new Calls());
    boolean mayRepeat =
        call.mode() == TransactionMode.WORKFLOW || call.operation().equals(Operation.CHECK_BACK);
    if (calm && !mayRepeat && (calls.settled || calls.inFlight > 0)) {
      violated("I8", record.gid, key + " is called again although nothing went wrong");
    }
    calls.count++;
    calls.inFlight++;
  }

  private void checkCall(String by, Track record, BranchCall call) {
    long over = record.finalAt;
    boolean late = over != Long.MAX_VALUE && world.nanos() > over;
    // A submit may overtake another node that is about to ask for it. The question does nothing.
    boolean overtaken = call.operation().equals(Operation.CHECK_BACK) && !by.equals(record.finalBy);
    boolean excused =
        (record.endedFromOutside || skewed || overtaken)
            && late
            && world.nanos() - over <= grace.toNanos();
    if (late && !excused) {
      violated(
          "I2", record.gid, key(call.branchId(), call.operation()) + " is called after the end");
    }
    forbidBoth(record, call, Operation.CONFIRM, Operation.CANCEL);
    forbidBoth(record, call, Operation.COMMIT, Operation.ROLLBACK);
    if (record.last == null) {
      violated("I6", record.gid, "called before anything was stored");
    } else if (record.last.schedule().isParked() && !skewed && !overtaken) {
      violated(
          "I5", record.gid, key(call.branchId(), call.operation()) + " is called while parked");
    }
  }

  private void forbidBoth(Track record, BranchCall call, Operation one, Operation other) {
    boolean isSecond =
        (call.operation().equals(one) && record.wasCalled(call.branchId(), other))
            || (call.operation().equals(other) && record.wasCalled(call.branchId(), one));
    if (isSecond) {
      violated("I7", record.gid, "branch %s: %s and %s".formatted(call.branchId(), one, other));
    }
  }

  void callEnds(BranchCall call, BranchResult result) {
    var record = of(call.gid().value());
    var key = key(call.branchId(), call.operation());
    world.tell(record.gid, key + " ends: " + result);
    var calls = record.calls.get(key);
    if (calls != null) {
      calls.inFlight--;
      record.unclear += result instanceof BranchResult.Unclear ? 1 : 0;
      boolean refusedAction =
          result instanceof BranchResult.Refused && call.operation().equals(Operation.ACTION);
      calls.settled |= result instanceof BranchResult.Succeeded || refusedAction;
    }
  }

  private static String brief(GlobalTransaction stored) {
    var branches =
        stored.branches().stream()
            .map(b -> b.branchId() + "/" + b.operation().name() + " " + b.status())
            .toList();
    return "version %d %s due %s claim '%s' %s"
        .formatted(
            stored.version(),
            stored.status(),
            stored.schedule().dueAt(),
            stored.schedule().claimedBy(),
            branches);
  }
}
