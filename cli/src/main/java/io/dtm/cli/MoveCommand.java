package io.dtm.cli;

import io.dtm.server.stores.OpenStore;
import io.dtm.server.stores.StoreConfig;
import io.dtm.server.stores.StoreUrl;
import io.dtm.server.transfer.Move;
import io.dtm.server.transfer.MoveReport;
import io.dtm.server.transfer.ReferenceWords;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dtm move}: from one store of ours to another. */
@Command(
    name = "move",
    mixinStandardHelpOptions = true,
    description = {
      "Copies all transactions and settings from one store of this server to another. No server may"
          + " be using either of them.",
      "Nothing is taken away from the first. May be repeated: what is there already is left as it"
          + " is."
    },
    footer = {
      "",
      "A store is rocksdb:/folder, mysql://user:password@host:port/database, mariadb://…,"
          + " postgres://…, sqlserver://…, redis://host:port, rediss://… or mongodb://….",
      "Ends with 0 when everything is in the second store; with 1 when something is not, and says"
          + " what; with 2 when the command was not understood."
    })
final class MoveCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "URL",
      description = "Store to copy from.")
  private String from = "";

  @Option(names = "--to", required = true, paramLabel = "URL", description = "Store to copy to.")
  private String to = "";

  @Option(names = "--unfinished-only", description = "Leave out the transactions that have ended.")
  private boolean unfinishedOnly;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var source = existing(understood("--from", from));
    var target = understood("--to", to);
    return TransferExit.of(spec.commandLine().getErr(), () -> move(source, target));
  }

  private StoreConfig understood(String option, String url) {
    try {
      return StoreUrl.parse(url);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "%s: %s".formatted(option, e.getMessage()));
    }
  }

  /** Opened, a folder that is not there would be made, and found empty. */
  private StoreConfig existing(StoreConfig source) {
    if (source instanceof StoreConfig.RocksDb(var folder) && !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(), "--from: %s: no such folder".formatted(source.describe()));
    }
    return source;
  }

  private boolean move(StoreConfig from, StoreConfig to) {
    try (var source = OpenStore.open(from, InstantSource.system());
        var target = OpenStore.open(to, InstantSource.system())) {
      var out = spec.commandLine().getOut();
      out.printf("from  %s%nto    %s%n%n", from.describe(), to.describe());
      out.flush();
      return move(source, target);
    }
  }

  private boolean move(OpenStore source, OpenStore target) {
    var err = spec.commandLine().getErr();
    var report =
        new Move(source.clock(), count -> progress(count, err))
            .run(
                side(source),
                side(target),
                unfinishedOnly ? Move.Scope.UNFINISHED : Move.Scope.ALL);
    print(report, spec.commandLine().getOut());
    Main.complain(err, ProblemText.lines(report.problems(), report.problemCount()));
    return report.isComplete();
  }

  private static Move.Side side(OpenStore store) {
    return new Move.Side(store.transactions(), store.keyValues());
  }

  private static void progress(long count, PrintWriter err) {
    err.println("dtm: %d transactions so far".formatted(count));
    err.flush();
  }

  private static void print(MoveReport report, PrintWriter out) {
    var table = new Table(1, "", "moved", "already there", "different", "verified");
    report.transactions().forEach((status, tally) -> add(table, ReferenceWords.of(status), tally));
    add(table, "transactions", report.total());
    add(table, "settings", report.settings());
    table.print(out);
    out.flush();
  }

  private static void add(Table table, String name, MoveReport.Tally tally) {
    table.add(name, tally.moved(), tally.present(), tally.different(), tally.verified());
  }
}
