package io.dtm.server.branch;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Gid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The way to one destination: lets so many calls through at once, has a few more wait for their
 * turn, turns the others away and remembers whose they were. Thread-safe.
 */
final class Gate {
  private final Destination destination;
  private final DestinationLimits limits;
  private final InstantSource clock;
  private final EngineListener listener;

  private final ReentrantLock lock = new ReentrantLock();
  private final Breaker breaker;
  private final WaitingRoom waiting;
  private final Deque<Turn> queue = new ArrayDeque<>();

  /** Whose calls make up the present row of failures; should it get too long, they wait too. */
  private final List<Gid> failedInRow = new ArrayList<>();

  /** Calls of the present era; those that hang since before the last silence hold up nobody. */
  private int running;

  /** Calls that are on their way in or out. Guarded by {@link Destinations}. */
  int users;

  /** What a call is told at the gate. */
  sealed interface Admission {
    /** It may be made, and must be reported as ended. */
    record Admitted(int era, boolean isProbe) implements Admission {}

    /** It may not. */
    record TurnedAway(String why, Duration pause) implements Admission {}
  }

  /** A call that waits; guarded by the lock, but for the latch. */
  private static final class Turn {
    final CountDownLatch decided = new CountDownLatch(1);
    @Nullable Admission admission;

    void decide(Admission decision) {
      admission = decision;
      decided.countDown();
    }
  }

  Gate(
      Destination destination,
      DestinationLimits limits,
      Semaphore seats,
      InstantSource clock,
      EngineListener listener) {
    this.destination = destination;
    this.limits = limits;
    this.clock = clock;
    this.listener = listener;
    this.breaker = new Breaker(limits);
    this.waiting = new WaitingRoom(seats);
  }

  /**
   * Asks to make a call, and waits for its turn if need be, at most for its timeout. A transaction
   * that is turned away is remembered.
   */
  Admission enter(BranchCall call) throws InterruptedException {
    Turn turn;
    lock.lock();
    try {
      waiting.remove(call.gid());
      var now = clock.instant();
      if (breaker.isOpen()) {
        return breaker.isProbeDue(now) ? admitProbe(now) : turnAway(call.gid(), silent());
      }
      if (queue.isEmpty() && running < breaker.callsMax(now)) {
        return admit();
      }
      if (queue.size() >= limits.callsWaitingMax()) {
        return turnAway(call.gid(), saturated(now));
      }
      turn = new Turn();
      queue.add(turn);
    } finally {
      lock.unlock();
    }
    return await(turn, call);
  }

  private Admission await(Turn turn, BranchCall call) throws InterruptedException {
    boolean isOver = false;
    try {
      isOver = turn.decided.await(call.timeout().toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      if (!isOver) {
        leaveQueue(turn, call.gid());
      }
    }
    lock.lock();
    try {
      var admission = turn.admission;
      if (admission == null) {
        return turnAway(call.gid(), saturated(clock.instant()));
      }
      return admission instanceof Admission.TurnedAway turnedAway
          ? turnAway(call.gid(), turnedAway)
          : admission;
    } finally {
      lock.unlock();
    }
  }

  /** Out of patience, or interrupted: should its turn have come just now, the next one gets it. */
  private void leaveQueue(Turn turn, Gid gid) {
    lock.lock();
    try {
      queue.remove(turn);
      if (turn.admission instanceof Admission.Admitted admitted) {
        leave(admitted);
        turn.admission = null;
        admitFromQueue(clock.instant());
      }
      waiting.add(gid);
    } finally {
      lock.unlock();
    }
  }

  private Admission admit() {
    running++;
    return new Admission.Admitted(breaker.era(), false);
  }

  private Admission admitProbe(Instant now) {
    running++;
    breaker.probeBegins(now);
    return new Admission.Admitted(breaker.era(), true);
  }

  private Admission turnAway(Gid gid, Admission.TurnedAway decision) {
    waiting.add(gid);
    return decision;
  }

  private Admission.TurnedAway silent() {
    return new Admission.TurnedAway(
        "%s has not answered since %s (%s); %d transactions wait for it"
            .formatted(
                destination,
                breaker.openSince().truncatedTo(ChronoUnit.SECONDS),
                breaker.lastFailure(),
                waiting.size()),
        DestinationLimits.PAUSE_WHILE_SILENT);
  }

  private Admission.TurnedAway saturated(Instant now) {
    return new Admission.TurnedAway(
        "%s has %d calls running, as many as it may have"
            .formatted(destination, breaker.callsMax(now)),
        Duration.ZERO);
  }

  /** An admitted call ended without telling anything about the destination. */
  void withdrawn(Admission.Admitted admitted) {
    lock.lock();
    try {
      var now = clock.instant();
      leave(admitted);
      if (admitted.isProbe()) {
        breaker.probeIsWithdrawn(now);
      }
      admitFromQueue(now);
    } finally {
      lock.unlock();
    }
  }

  /** An admitted call was answered, whatever the answer. */
  void answered(Admission.Admitted admitted) {
    EngineEvent event = null;
    lock.lock();
    try {
      var now = clock.instant();
      leave(admitted);
      failedInRow.clear();
      if (breaker.answered(now)) {
        running = 0;
        event =
            new EngineEvent.DestinationBack(
                destination.hostAndPort(),
                Duration.between(breaker.openSince(), now),
                waiting.size());
      }
      admitFromQueue(now);
    } finally {
      lock.unlock();
    }
    tell(event);
  }

  /** An admitted call ended in silence. */
  void unanswered(Admission.Admitted admitted, BranchCall call, String why) {
    EngineEvent event = null;
    lock.lock();
    try {
      var now = clock.instant();
      leave(admitted);
      if (breaker.unanswered(admitted.era(), why, now)) {
        event =
            new EngineEvent.DestinationSilent(
                destination.hostAndPort(), breaker.failuresInRow(), call, why);
        open();
      }
      if (breaker.isOpen() || admitted.era() != breaker.era()) {
        waiting.add(call.gid());
      } else if (failedInRow.size() < limits.failuresMax()) {
        failedInRow.add(call.gid());
      }
      admitFromQueue(now);
    } finally {
      lock.unlock();
    }
    tell(event);
  }

  private void tell(@Nullable EngineEvent event) {
    if (event != null) {
      listener.on(event);
    }
  }

  private void leave(Admission.Admitted admitted) {
    if (admitted.era() == breaker.era()) {
      running--;
    }
    if (admitted.isProbe()) {
      breaker.probeEnds();
    }
  }

  private void open() {
    running = 0;
    failedInRow.forEach(waiting::add);
    failedInRow.clear();
    for (var turn = queue.poll(); turn != null; turn = queue.poll()) {
      turn.decide(silent());
    }
  }

  private void admitFromQueue(Instant now) {
    while (!queue.isEmpty() && running < breaker.callsMax(now)) {
      queue.remove().decide(admit());
    }
  }

  /** Takes out those who may be resumed now: one to probe with, or as many as find a place. */
  List<Gid> takeResumable() {
    lock.lock();
    try {
      var now = clock.instant();
      admitFromQueue(now);
      if (breaker.isOpen()) {
        return breaker.isProbeDue(now) ? waiting.take(1) : List.of();
      }
      return waiting.take(Math.max(0, breaker.callsMax(now) - running - queue.size()));
    } finally {
      lock.unlock();
    }
  }

  /** It could not be resumed: another time. */
  void remember(Gid gid) {
    lock.lock();
    try {
      waiting.add(gid);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the passing of time changes anything here. */
  boolean needsAttention() {
    lock.lock();
    try {
      return waiting.size() > 0 || breaker.isRamping();
    } finally {
      lock.unlock();
    }
  }
}
