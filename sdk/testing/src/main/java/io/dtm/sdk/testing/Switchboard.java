package io.dtm.sdk.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every call of a branch passes here, the server's and the application's: it is counted, meets the
 * fault that the script has for it, and is recorded. Thread-safe; no lock is held while a
 * participant works.
 */
final class Switchboard {
  /** The oldest are forgotten beyond this many. */
  static final int CALLS_MAX = 100_000;

  private final Runnable crash;
  private final List<Passing> log = new ArrayList<>();
  private final List<Runnable> held = new ArrayList<>();
  private final Map<Branch, Integer> attempts = new HashMap<>();
  private final Map<String, Integer> transactions = new HashMap<>();
  private FaultScript script = FaultScript.none();

  private record Branch(String gid, String branchId, String operation) {}

  /** A call and where it stands in the run. */
  record Placed(CallIdentity call, CallPoint point, RecordedCall record) {}

  /** One call on its way; guarded by the switchboard. */
  private static final class Passing {
    private final CallIdentity call;
    private final CallPoint point;
    private final Fault fault;
    private final List<CallAnswer> delivered = new ArrayList<>();
    private CallAnswer heard = CallAnswer.none();

    Passing(CallIdentity call, CallPoint point, Fault fault) {
      this.call = call;
      this.point = point;
      this.fault = fault;
    }

    Placed placed() {
      var record =
          new RecordedCall(
              call.gid(),
              call.branchId(),
              call.operation(),
              call.url(),
              point.attempt(),
              fault,
              delivered,
              heard);
      return new Placed(call, point, record);
    }
  }

  /**
   * @param crash makes the server crash, at once
   */
  Switchboard(Runnable crash) {
    this.crash = crash;
  }

  /** From now on the faults are those of another script. */
  synchronized void follow(FaultScript other) {
    script = other;
  }

  /** Forgets what was, as if nothing had been called yet. */
  synchronized void forget() {
    log.clear();
    held.clear();
    attempts.clear();
    transactions.clear();
  }

  /** In the order in which the calls began. */
  synchronized List<Placed> calls() {
    return log.stream().map(Passing::placed).toList();
  }

  <A> A carry(CallIdentity call, Passage<A> passage) {
    var passing = arrive(call);
    return switch (passing.fault) {
      case NONE -> told(passing, deliver(passing, passage), passage);
      case REFUSE, ERROR, TIME_OUT, ONGOING ->
          told(passing, passage.insteadOf(passing.fault), passage);
      case LATE -> {
        hold(passing, passage);
        yield told(passing, passage.insteadOf(Fault.LATE), passage);
      }
      case REPLY_LOST -> {
        var unused = deliver(passing, passage);
        yield told(passing, passage.insteadOf(Fault.REPLY_LOST), passage);
      }
      case DUPLICATE -> {
        var unused = deliver(passing, passage);
        yield told(passing, deliver(passing, passage), passage);
      }
      case CRASH_BEFORE -> {
        crash.run();
        yield passage.isOfServer()
            ? passage.insteadOf(Fault.CRASH_BEFORE)
            : told(passing, deliver(passing, passage), passage);
      }
      case CRASH_AFTER -> {
        var answer = deliver(passing, passage);
        crash.run();
        yield passage.isOfServer()
            ? passage.insteadOf(Fault.CRASH_AFTER)
            : told(passing, answer, passage);
      }
    };
  }

  private synchronized Passing arrive(CallIdentity call) {
    var branch = new Branch(call.gid(), call.branchId(), call.operation());
    int attempt = attempts.merge(branch, 1, Integer::sum);
    int transaction = transactions.computeIfAbsent(call.gid(), gid -> transactions.size() + 1);
    var point = new CallPoint(transaction, call.branchId(), call.operation(), attempt);
    var passing = new Passing(call, point, script.faultFor(call, point));
    remember(passing);
    return passing;
  }

  private void remember(Passing passing) {
    if (log.size() == CALLS_MAX) {
      log.removeFirst();
    }
    log.add(passing);
  }

  private <A> A deliver(Passing passing, Passage<A> passage) {
    var answer = passage.deliver();
    var meaning = passage.meaning(answer);
    synchronized (this) {
      passing.delivered.add(meaning);
    }
    return answer;
  }

  private <A> A told(Passing passing, A answer, Passage<A> passage) {
    var meaning = passage.meaning(answer);
    synchronized (this) {
      passing.heard = meaning;
    }
    return answer;
  }

  private synchronized <A> void hold(Passing passing, Passage<A> passage) {
    held.add(() -> arriveLate(passing, passage));
  }

  private <A> void arriveLate(Passing passing, Passage<A> passage) {
    var late = new Passing(passing.call, passing.point, Fault.LATE);
    synchronized (this) {
      remember(late);
    }
    var unused = deliver(late, passage);
  }

  /**
   * Has the calls that were held back arrive, one after the other, on the calling thread.
   *
   * @return how many there were
   */
  int deliverLate() {
    var due = takeHeld();
    due.forEach(Runnable::run);
    return due.size();
  }

  private synchronized List<Runnable> takeHeld() {
    var due = List.copyOf(held);
    held.clear();
    return due;
  }
}
