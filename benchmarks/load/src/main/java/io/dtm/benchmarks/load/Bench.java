package io.dtm.benchmarks.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Puts one server or two under load, turn by turn, one kind of flow after the other. */
final class Bench {
  private final BenchPlan plan;
  private final List<Contender> contenders;
  private final String run;

  /**
   * @param contenders they take turns, and change who is first from round to round
   * @param run begins every gid, so that no two runs share one
   */
  Bench(BenchPlan plan, List<Contender> contenders, String run) {
    this.plan = plan;
    this.contenders = List.copyOf(contenders);
    this.run = run;
  }

  /**
   * Carries the plan out.
   *
   * @param reports gets one for each mode, as soon as it is there
   */
  void run(Consumer<Report> reports) throws InterruptedException {
    for (var mode : plan.modes()) {
      reports.accept(run(plan.flow(mode)));
    }
  }

  private Report run(Flow flow) throws InterruptedException {
    var stations = new ArrayList<Station>();
    try {
      for (var contender : contenders) {
        var prefix = "%s-%s-%d-".formatted(run, flow.mode(), stations.size());
        var ledger = new CallLedger(flow.mode(), prefix);
        stations.add(Station.open(contender, flow, plan, ledger));
      }
      if (plan.warmUp().isPositive()) {
        for (var station : stations) {
          var unused = station.turn(plan.warmUp());
        }
      }
      return new Report(plan, flow, rounds(stations));
    } finally {
      stations.forEach(Station::close);
    }
  }

  /** What a server has shown so far. */
  private record Turns(Station station, List<TurnFigures> figures) {
    Report.Column column() {
      return Report.Column.of(station.contender(), station.ledger(), figures);
    }
  }

  private List<Report.Column> rounds(List<Station> stations) throws InterruptedException {
    var all = stations.stream().map(station -> new Turns(station, new ArrayList<>())).toList();
    var order = new ArrayList<>(all);
    for (int round = 0; round < plan.rounds(); round++) {
      for (var turns : order) {
        turns.figures().add(turns.station().turn(plan.turn()));
      }
      Collections.reverse(order);
    }
    return all.stream().map(Turns::column).toList();
  }
}
