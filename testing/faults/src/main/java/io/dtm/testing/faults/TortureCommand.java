package io.dtm.testing.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.faults.Disturbances.Kind;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dtm torture}: what the tests do for a minute, for as long as you like. */
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description = {
      "Starts servers behind a load balancer over a database of its own, puts them under mixed load"
          + " of all modes, and kills and pauses servers, restarts the database and cuts"
          + " connections meanwhile.",
      "Says afterwards what came of it all. Needs what testing/databases/install installs."
    },
    footer = {
      "",
      "Ends with 0 when nothing acknowledged was lost and nothing promised was broken, with 1"
          + " otherwise; with 2 when the command was not understood."
    })
final class TortureCommand implements Callable<Integer> {
  private static final int NODES = 3;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      defaultValue = "postgres",
      converter = StoreWord.class,
      description = "mysql, postgres, redis or rocksdb (default: ${DEFAULT-VALUE})")
  private StoreKind store = StoreKind.POSTGRES;

  @Option(
      names = "--kills",
      defaultValue = "20",
      description = "servers killed, and started again (default: ${DEFAULT-VALUE})")
  private int kills;

  @Option(
      names = "--pauses",
      description = "servers paused, some for longer than a lease (default: a fifth of the kills)")
  private @Nullable Integer pauses;

  @Option(
      names = "--cuts",
      description =
          "connections cut, to the database and to the participant each (default: a tenth of the"
              + " kills)")
  private @Nullable Integer cuts;

  @Option(
      names = "--database-restarts",
      description = "databases killed, and started again (default: a twentieth of the kills)")
  private @Nullable Integer databaseRestarts;

  @Option(names = "--no-faults", description = "only the load; then no call may be made twice")
  private boolean noFaults;

  @Option(
      names = "--transactions",
      defaultValue = "0",
      description = "go on until so many are acknowledged (default: until the last disturbance)")
  private int transactions;

  @Option(
      names = "--clients",
      defaultValue = "9",
      description = "at work at the same time (default: ${DEFAULT-VALUE})")
  private int clients;

  @Option(names = "--seed", description = "repeats the order of a run, as far as processes go")
  private @Nullable Long seed;

  @Spec private @Nullable CommandSpec spec;

  /** A store by its word. */
  static final class StoreWord implements CommandLine.ITypeConverter<StoreKind> {
    @Override
    public StoreKind convert(String word) {
      return StoreKind.of(word);
    }
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new TortureCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var out = spec == null ? new PrintWriter(System.out, true, UTF_8) : spec.commandLine().getOut();
    var folder = Files.createTempDirectory("dtm-torture-");
    var plan = plan();
    out.printf("seed %d; logs are in %s%n", plan.seed(), folder);
    out.flush();
    var report = new Torture(plan, folder).run();
    report.print(out);
    if (report.isGood()) {
      delete(folder);
    }
    return report.isGood() && !hasUncausedDuplicates(report) ? 0 : 1;
  }

  private TorturePlan plan() {
    return new TorturePlan(
        store,
        store == StoreKind.ROCKSDB ? 1 : NODES,
        clients,
        noFaults ? Duration.ZERO : Duration.ofMillis(30),
        transactions,
        noFaults ? Map.of() : disturbances(),
        seed == null ? System.nanoTime() : seed);
  }

  private Map<Kind, Integer> disturbances() {
    var counts = new EnumMap<Kind, Integer>(Kind.class);
    for (var kind : Tormentor.kinds(store != StoreKind.ROCKSDB)) {
      counts.put(kind, count(kind));
    }
    return counts;
  }

  private int count(Kind kind) {
    return switch (kind) {
      case KILL -> kills;
      case PAUSE -> pauses == null ? kills / 5 : pauses;
      case DATABASE_RESTART -> databaseRestarts == null ? kills / 20 : databaseRestarts;
      case DATABASE_CUT, PARTICIPANT_CUT -> cuts == null ? kills / 10 : cuts;
    };
  }

  private boolean hasUncausedDuplicates(TortureReport report) {
    return noFaults && report.judge().duplicates() > 0;
  }

  private static void delete(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
