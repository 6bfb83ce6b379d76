package io.dtm.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * One server with the clients and the participant of one kind of flow; its turns follow one
 * another.
 */
final class Station implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(20);

  /** For flows that were begun, then for calls that are still to come. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(2);

  /** Below this share of the flows that were due, a rate was not kept. */
  private static final double KEPT_MARK = 0.98;

  private final Contender contender;
  private final Flow flow;
  private final Pace pace;
  private final CallLedger ledger;
  private final Participant participant;
  private final Users users;
  private final double roundTripNanos;

  private Station(
      Contender contender,
      Flow flow,
      Pace pace,
      CallLedger ledger,
      Participant participant,
      Users users,
      double roundTripNanos) {
    this.contender = contender;
    this.flow = flow;
    this.pace = pace;
    this.ledger = ledger;
    this.participant = participant;
    this.users = users;
    this.roundTripNanos = roundTripNanos;
  }

  /** Starts a participant for it, and clients that have not begun yet. */
  static Station open(Contender contender, Flow flow, BenchPlan plan, CallLedger ledger) {
    var host = plan.participantHost();
    var delay = plan.participantDelay();
    var participant =
        switch (flow.wire()) {
          case HTTP -> HttpParticipant.start(host, ledger, delay);
          case GRPC -> GrpcParticipant.start(host, ledger, delay);
        };
    var server = contender.address(flow.wire());
    var branches = participant.address();
    int count = plan.connections();
    var users =
        switch (flow.wire()) {
          case HTTP -> HttpUsers.start(flow, server, branches, count, ANSWER_LIMIT);
          case GRPC -> new GrpcUsers(flow, server, branches, count, ANSWER_LIMIT);
        };
    return new Station(
        contender, flow, plan.pace(), ledger, participant, users, contender.roundTripNanos());
  }

  Contender contender() {
    return contender;
  }

  CallLedger ledger() {
    return ledger;
  }

  /** Puts the server under load for so long, and waits for all that this caused. */
  TurnFigures turn(Duration length) throws InterruptedException {
    var load = Load.of(pace, users.all(), ledger);
    long first = ledger.position();
    var costBefore = contender.cost();
    var before = Moment.of(contender, participant);
    load.start(length);
    while (!load.isOver()) {
      LockSupport.parkNanos(LOOK.toNanos());
    }
    var after = Moment.of(contender, participant);
    load.awaitEnd(END_LIMIT);
    var calls = awaitCalls(first);
    double drain = seconds(System.nanoTime() - after.nanoTime());
    var cost = contender.cost().minus(costBefore);
    var tally = load.tally();
    var shares = after.sharesSince(before, tally.meanMillis(), tally.inTime(), this);
    return new TurnFigures(
        tally.inTime() / seconds(after.nanoTime() - before.nanoTime()),
        tally,
        cost,
        shares,
        drain,
        tally.succeeded(),
        calls,
        isRateKept(tally, length));
  }

  private boolean isRateKept(Tally tally, Duration length) {
    return pace instanceof Pace.Open(double rate)
        && tally.inTime() >= KEPT_MARK * rate * seconds(length.toNanos());
  }

  /** Calls may still come after the last answer, where clients do not wait for the end. */
  private CallLedger.Verdict awaitCalls(long first) {
    long end = ledger.position();
    var deadline = System.nanoTime() + END_LIMIT.toNanos();
    var verdict = ledger.judge(first, end);
    while (verdict.missing() > 0 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(LOOK.toNanos());
      verdict = ledger.judge(first, end);
    }
    return verdict;
  }

  /** How long the round trips of a flow take, one after the other, while nobody else is there. */
  double networkMillis() {
    return flow.mode().roundTrips() * roundTripNanos / 1e6;
  }

  private static double seconds(long nanos) {
    return nanos / (double) TimeUnit.SECONDS.toNanos(1);
  }

  @Override
  public void close() {
    users.close();
    participant.close();
  }

  /** What is counted at the beginning and at the end of a turn, while the load goes on. */
  private record Moment(
      long nanoTime,
      MachineUsage machine,
      double serverCpu,
      double databaseCpu,
      double loadCpu,
      long participantNanos) {

    static Moment of(Contender contender, Participant participant) {
      return new Moment(
          System.nanoTime(),
          MachineUsage.now(),
          contender.serverCpuSeconds(),
          contender.databaseCpuSeconds(),
          ProcessUsage.cpuSeconds(ProcessHandle.current().pid()),
          participant.nanosAtWork());
    }

    Shares sharesSince(Moment before, double meanMillis, long flows, Station station) {
      double wall = seconds(nanoTime - before.nanoTime);
      double processors = wall * machine.processors();
      double inParticipant = (participantNanos - before.participantNanos) / 1e6 / flows;
      return new Shares(
          (machine.busySeconds() - before.machine.busySeconds()) / processors,
          (serverCpu - before.serverCpu) / processors,
          (databaseCpu - before.databaseCpu) / processors,
          (loadCpu - before.loadCpu) / processors,
          Math.min(1, (machine.diskBusySeconds() - before.machine.diskBusySeconds()) / wall),
          inParticipant / meanMillis,
          station.networkMillis() / meanMillis);
    }
  }
}
