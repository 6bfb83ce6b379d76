package io.dtm.cli;

import io.dtm.testing.simulation.Campaign;
import io.dtm.testing.simulation.Coverage;
import io.dtm.testing.simulation.Defect;
import io.dtm.testing.simulation.Simulation;
import io.dtm.testing.simulation.SimulationUnsupported;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dtm simulate}: tries the engine in simulated worlds full of faults. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the real engine of one to five nodes in a simulated world: its store, participants,"
          + " clients and clocks fail as a seed says, and an independent history is checked.",
      "The same seed is the same run, on any machine."
    },
    footer = {
      "",
      "Ends with 0 when every seed held; with 1 when one broke an invariant, and shows it; with 2"
          + " when the command was not understood."
    })
final class SimulateCommand implements Callable<Integer> {
  private static final long PROGRESS_EVERY = 10_000;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many seeds to run (default: ${DEFAULT-VALUE}).")
  private long seeds;

  @Option(
      names = "--from",
      paramLabel = "SEED",
      defaultValue = "1",
      description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long from;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many seeds to run side by side (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--replay",
      paramLabel = "SEED",
      description = "Run this seed alone and tell its story.")
  private @Nullable Long replay;

  @Option(
      names = "--plant",
      paramLabel = "BUG",
      defaultValue = "NONE",
      description = "Plant a bug, to see that it is found: ${COMPLETION-CANDIDATES}.")
  private Defect defect = Defect.NONE;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    if (seeds < 1 || parallel < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--seeds %d --parallel %d (expected: both >= 1)".formatted(seeds, parallel));
    }
    try {
      return replay == null ? runMany() : replayOne(replay);
    } catch (SimulationUnsupported e) {
      Main.complain(spec.commandLine().getErr(), List.of(String.valueOf(e.getMessage())));
      return 1;
    }
  }

  private int replayOne(long seed) {
    var outcome = Simulation.replay(seed, defect);
    tell(outcome);
    return outcome.violation() == null ? 0 : 1;
  }

  private int runMany() throws InterruptedException {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    long begin = System.nanoTime();
    var summary =
        new Campaign(defect, parallel, done -> progress(done, begin, err)).run(from, seeds);
    var took = Duration.ofNanos(System.nanoTime() - begin);
    print(summary.coverage(), out);
    out.printf(
        "%d seeds from %d, %d steps, in %.1f s: %.0f seeds/s, ",
        summary.seeds(), from, summary.steps(), seconds(took), summary.seeds() / seconds(took));
    var failure = summary.failure();
    out.println(failure == null ? "0 violations" : "violation with seed " + failure.seed());
    out.flush();
    if (failure == null) {
      return 0;
    }
    out.printf("%nThe smallest run that still breaks it:%n");
    tell(Simulation.shrink(failure.seed(), defect));
    out.printf("The whole run: dtm simulate --replay %d%s%n", failure.seed(), planted());
    out.flush();
    return 1;
  }

  private String planted() {
    return defect == Defect.NONE ? "" : " --plant " + defect;
  }

  private void tell(Simulation.Outcome outcome) {
    var out = spec.commandLine().getOut();
    outcome.plan().forEach(out::println);
    out.println();
    outcome.story().forEach(out::println);
    var violation = outcome.violation();
    out.printf(
        "%nseed %d: %s (trace %s)%n",
        outcome.seed(),
        violation == null ? "0 violations" : violation.getMessage(),
        outcome.trace());
    out.flush();
  }

  private static void print(Coverage coverage, PrintWriter out) {
    coverage.counts().forEach((what, times) -> out.printf("%10d  %s%n", times, what));
    out.println();
  }

  private static void progress(long done, long begin, PrintWriter err) {
    if (done % PROGRESS_EVERY == 0) {
      var took = Duration.ofNanos(System.nanoTime() - begin);
      err.printf("dtm: %d seeds, %.0f/s%n", done, done / seconds(took));
      err.flush();
    }
  }

  private static double seconds(Duration duration) {
    return Math.max(1, duration.toMillis()) / 1e3;
  }
}
