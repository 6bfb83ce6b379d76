package io.dtm.benchmarks.load;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What one kind of flow has shown of every server. */
record Report(BenchPlan plan, Flow flow, List<Column> columns) {
  private static final int NAME_WIDTH = 28;
  private static final int WIDTH = 34;
  private static final double PERCENT = 100;

  private static final List<Row> ROWS =
      List.of(
          new Row("flows/s", TurnFigures::perSecond, 0),
          new Row("p50 ms", turn -> turn.tally().millisAt(50), 2),
          new Row("p95 ms", turn -> turn.tally().millisAt(95), 2),
          new Row("p99 ms", turn -> turn.tally().millisAt(99), 2),
          new Row("longest ms", turn -> turn.tally().longestMillis(), 1),
          new Row("errors", turn -> turn.tally().failed(), 0),
          new Row("last call after turn, s", TurnFigures::drainSeconds, 2),
          new Row("CPU ms/flow, server", TurnFigures::serverCpuMillis, 3),
          new Row("CPU ms/flow, database", TurnFigures::databaseCpuMillis, 3),
          new Row("KiB allocated/flow", TurnFigures::allocatedKib, 1),
          new Row("durable commits/flow", TurnFigures::durableCommits, 3),
          new Row("disk flushes/flow", TurnFigures::diskFlushes, 3));

  Report {
    columns = List.copyOf(columns);
  }

  private record Row(String name, ToDoubleFunction<TurnFigures> figure, int digits) {
    Spread of(Column column) {
      return Spread.of(column.turns().stream().mapToDouble(figure));
    }

    /** Of the turns that followed each other. */
    Spread ratio(Column one, Column other) {
      return Spread.of(
          IntStream.range(0, one.turns().size())
              .mapToDouble(i ->
                  figure.applyAsDouble(one.turns().get(i))
                      / figure.applyAsDouble(other.turns().get(i))));
    }
  }

  /**
   * One server.
   *
   * @param calls of all turns, the warm-up's included
   * @param strange calls that belong to no flow
   */
  record Column(
      String name,
      double residentMib,
      List<TurnFigures> turns,
      CallLedger.Verdict calls,
      long strange,
      String strangeShown) {
    Column {
      turns = List.copyOf(turns);
    }

    static Column of(Contender contender, CallLedger ledger, List<TurnFigures> turns) {
      return new Column(
          contender.name(),
          contender.residentMib(),
          turns,
          ledger.judge(0, ledger.position()),
          ledger.strangeCalls(),
          ledger.strangeShown());
    }

    boolean isGood() {
      return calls.isGood()
          && strange == 0
          && turns.stream().allMatch(turn -> turn.tally().failed() == 0);
    }

    private String callsText() {
      return calls.isGood() && strange == 0
          ? "each came once"
          : "%d missing, %d repeated, %d strange %s"
              .formatted(calls.missing(), calls.repeated(), strange, strangeShown);
    }

    private String firstFailure() {
      return turns.stream()
          .map(turn -> turn.tally().firstFailure())
          .filter(text -> !text.isEmpty())
          .findFirst()
          .orElse("");
    }

    /** The median turn by its rate. */
    private TurnFigures typical() {
      var sorted =
          turns.stream().sorted((a, b) -> Double.compare(a.perSecond(), b.perSecond())).toList();
      return sorted.get(sorted.size() / 2);
    }
  }

  /** Whether every flow ended well and every call came once. */
  boolean isGood() {
    return columns.stream().allMatch(Column::isGood);
  }

  void print(PrintWriter out) {
    out.printf(
        "%n%s, %s, %d connections, %d rounds of %s s after %s s of warm-up%n",
        flow,
        plan.pace(),
        plan.connections(),
        plan.rounds(),
        seconds(plan.turn().toMillis()),
        seconds(plan.warmUp().toMillis()));
    out.println(
        switch (plan.pace()) {
          case Pace.Closed() ->
              "Latency: service time, from the first request of a flow to its last answer. While"
                  + " the server stands still nobody else comes: --rate tells what they would see.";
          case Pace.Open(double ignored) ->
              "Latency: from the time at which a flow was meant to begin to its last answer.";
        });
    out.println();
    line(out, "", columns.stream().map(Column::name).toList(), isPair() ? "ratio" : "");
    for (var row : ROWS) {
      var texts = columns.stream().map(column -> row.of(column).text(row.digits())).toList();
      line(out, row.name(), texts, isPair() ? ratio(row) : "");
    }
    line(out, "calls", columns.stream().map(Column::callsText).toList(), "");
    line(out, "MiB resident", columns.stream().map(Report::memory).toList(), "");
    columns.forEach(column -> printShares(out, column));
    out.flush();
  }

  private boolean isPair() {
    return columns.size() == 2;
  }

  private String ratio(Row row) {
    var ratio = row.ratio(columns.getFirst(), columns.getLast());
    return Double.isFinite(ratio.median()) ? ratio.text(2) : "-";
  }

  private static String memory(Column column) {
    return Spread.of(DoubleStream.of(column.residentMib())).text(0);
  }

  private static void line(PrintWriter out, String name, List<String> cells, String last) {
    var text = new StringBuilder(pad(name, NAME_WIDTH));
    cells.forEach(cell -> text.append(pad(cell, WIDTH)));
    out.println(text.append(last).toString().stripTrailing());
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }

  private void printShares(PrintWriter out, Column column) {
    var turn = column.typical();
    var shares = turn.shares();
    out.printf(
        "%n%s%n  in use: processors %s (server %s, database %s, load and participant %s, others"
            + " %s), disk %s%n  of a flow's mean time: participant %s, network %s%n  bottleneck:"
            + " %s%n",
        column.name(),
        percent(shares.processor()),
        percent(shares.server()),
        percent(shares.database()),
        percent(shares.load()),
        percent(shares.others()),
        percent(shares.disk()),
        percent(shares.participant()),
        percent(shares.network()),
        Bottleneck.of(shares, turn.rateKept()));
    if (!column.firstFailure().isEmpty()) {
      out.printf("  first error: %s%n", column.firstFailure());
    }
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : "%.0f %%".formatted(PERCENT * share);
  }

  private static String seconds(long millis) {
    return millis % 1_000 == 0 ? Long.toString(millis / 1_000) : Double.toString(millis / 1e3);
  }
}
