package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.benchmarks.load.Contender.Processes;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dtm bench}: how fast a server is, what a transaction costs, and what holds it back. */
@Command(
    name = "dtm bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Puts a server under load with whole transactions and says how many it carries, how long they"
          + " take, what one costs, and what was the bottleneck. The participant is part of this"
          + " command; it checks that every call comes exactly once.",
      "",
      "Without --url it starts a server of this checkout over a fresh store, and ends it"
          + " afterwards. Databases need what testing/databases/install installs.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  dtm bench",
      "      waited sagas on the embedded store",
      "  dtm bench --store postgres --mode saga,tcc,xa",
      "      three tables, on a PostgreSQL of its own",
      "  dtm bench --rate 2000",
      "      latency as independent clients see it",
      "  dtm bench --against http://127.0.0.1:36789",
      "      side by side with another server, with ratios",
      "",
      "Ends with 0 when all went well, with 1 when a flow failed or a call was missing or came"
          + " twice, with 2 when the command was not understood."
    })
final class BenchCommand implements Callable<Integer> {
  private static final int GRPC_PORT = 36_790;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      converter = Arguments.StoreReader.class,
      description =
          "of the server that is started: rocksdb, memory, mysql, postgres or redis (default:"
              + " rocksdb)")
  private ServerStore.@Nullable Kind store;

  @Option(
      names = "--java-options",
      paramLabel = "OPTIONS",
      defaultValue = "",
      description = "for the JVM of the server that is started, such as \"-Xmx256m\"")
  private String javaOptions = "";

  @Option(
      names = "--folder",
      paramLabel = "FOLDER",
      description =
          "where the embedded store keeps its files meanwhile (default: among the temporary files,"
              + " which may be on another disk than yours)")
  private @Nullable Path folder;

  @Option(
      names = "--url",
      paramLabel = "URL",
      converter = Arguments.UrlReader.class,
      description = "a server that runs already, instead of one that is started")
  private @Nullable Address url;

  @Option(
      names = "--grpc",
      paramLabel = "HOST:PORT",
      converter = Arguments.AddressReader.class,
      description = "its gRPC side (default: port 36790 of the same host)")
  private @Nullable Address grpc;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "its process, where that is on this machine, to tell what it costs")
  private @Nullable Long pid;

  @Option(names = "--database-pid", paramLabel = "PID", description = "its database's process")
  private @Nullable Long databasePid;

  @Option(
      names = "--against",
      paramLabel = "URL",
      converter = Arguments.UrlReader.class,
      description =
          "a second server that runs already: both take turns, and ratios are first to second")
  private @Nullable Address against;

  @Option(
      names = "--against-grpc",
      paramLabel = "HOST:PORT",
      converter = Arguments.AddressReader.class,
      description = "its gRPC side (default: port 36790 of the same host)")
  private @Nullable Address againstGrpc;

  @Option(names = "--against-pid", paramLabel = "PID", description = "its process")
  private @Nullable Long againstPid;

  @Option(
      names = "--against-database-pid",
      paramLabel = "PID",
      description = "its database's process")
  private @Nullable Long againstDatabasePid;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      split = ",",
      defaultValue = "saga",
      converter = Arguments.ModeReader.class,
      description =
          "one or more, with commas between: saga (2 steps); tcc (prepare, 2 times register and"
              + " try, submit); message (prepare, submit); message-submit (submit alone); xa"
              + " (prepare, 2 times register, submit); workflow (prepare, 2 results, submit)"
              + " (default: ${DEFAULT-VALUE})")
  private List<Mode> modes = List.of();

  @Option(
      names = "--wire",
      paramLabel = "WIRE",
      defaultValue = "http",
      converter = Arguments.WireReader.class,
      description = "http or grpc, for client and participant (default: ${DEFAULT-VALUE})")
  private Wire wire = Wire.HTTP;

  @Option(
      names = "--no-wait",
      description = "answer as soon as a submit is durable, not when all branches were called")
  private boolean noWait;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "clients, each with one flow at a time; with --rate, flows that may be under way at once"
              + " (default: ${DEFAULT-VALUE})")
  private int connections;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "begin so many flows a second, whatever the server does, and count latency from the time"
              + " at which each was meant to begin (default: each client begins the next flow when"
              + " its last has ended)")
  private @Nullable Double rate;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "8",
      description = "length of a turn (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "turns of each server (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "S",
      defaultValue = "10",
      description = "seconds of load before the first round (default: ${DEFAULT-VALUE})")
  private double warmUp;

  @Option(
      names = "--participant-host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description =
          "address of this machine by which the servers reach the participant (default:"
              + " ${DEFAULT-VALUE})")
  private String participantHost = "";

  @Option(
      names = "--participant-delay",
      paramLabel = "MS",
      defaultValue = "0",
      description = "how long the participant takes for each call (default: ${DEFAULT-VALUE})")
  private long participantDelay;

  @Spec private @Nullable CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    var plan = plan();
    var place = Files.createTempDirectory(parent(), "dtm-bench-");
    var out = out();
    var contenders = new ArrayList<Contender>();
    var good = new AtomicBoolean(true);
    try {
      contenders.add(first(place));
      if (against != null) {
        contenders.add(running(against, againstGrpc, processes(againstPid, againstDatabasePid)));
      }
      new Bench(plan, contenders, Long.toString(System.currentTimeMillis(), Character.MAX_RADIX))
          .run(report -> {
            report.print(out);
            good.compareAndSet(true, report.isGood());
          });
    } finally {
      contenders.forEach(Contender::close);
      delete(place);
    }
    return good.get() ? 0 : 1;
  }

  private Contender first(Path place) throws InterruptedException, IOException {
    if (url != null) {
      if (store != null || !javaOptions.isEmpty()) {
        throw wrong("--store and --java-options are for a server that is started: not with --url");
      }
      return running(url, grpc, processes(pid, databasePid));
    }
    if (pid != null || databasePid != null || grpc != null) {
      throw wrong(
          "--pid, --database-pid and --grpc tell of a server that runs already: only with --url");
    }
    var kind = store == null ? ServerStore.Kind.ROCKSDB : store;
    var type = Files.getFileStore(place).type();
    if (kind == ServerStore.Kind.ROCKSDB && type.equals("tmpfs")) {
      out().printf("%s is in memory: syncs cost nothing there; --folder takes another%n", place);
    }
    var options = javaOptions.isBlank() ? List.<String>of() : List.of(javaOptions.split(" +"));
    return Contender.started(kind, options, place);
  }

  private static Processes processes(@Nullable Long server, @Nullable Long database) {
    return new Processes(optional(server), optional(database));
  }

  private static OptionalLong optional(@Nullable Long pid) {
    return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
  }

  private Contender running(Address http, @Nullable Address grpcSide, Processes processes) {
    try {
      return Contender.running(
          http, grpcSide == null ? new Address(http.host(), GRPC_PORT) : grpcSide, processes);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private BenchPlan plan() {
    try {
      return new BenchPlan(
          modes,
          wire,
          !noWait,
          rate == null ? new Pace.Closed() : new Pace.Open(rate),
          connections,
          Duration.ofMillis(Math.round(warmUp * 1_000)),
          Duration.ofMillis(Math.round(seconds * 1_000)),
          rounds,
          participantHost,
          Duration.ofMillis(participantDelay));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private Path parent() throws IOException {
    return Files.createDirectories(
        folder == null ? Path.of(System.getProperty("java.io.tmpdir")) : folder);
  }

  private PrintWriter out() {
    return spec == null ? new PrintWriter(System.out, true, UTF_8) : spec.commandLine().getOut();
  }

  private ParameterException wrong(String why) {
    return new ParameterException(spec == null ? new CommandLine(this) : spec.commandLine(), why);
  }

  private static void delete(Path place) throws IOException {
    try (var files = Files.walk(place)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
