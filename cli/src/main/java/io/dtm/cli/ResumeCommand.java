package io.dtm.cli;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Paths;
import io.dtm.protocol.ResumeParkedJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code dtm resume}: has parked transactions go on. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = {
      "Has parked transactions go on, as if they had been created just now: either those that are"
          + " named, or all that match, so many in each second."
    },
    footer = {
      "",
      "Try it first with --dry-run, which only counts. What fails again is parked again.",
      "Ends with 0 when all went well, with 1 when the server did not do it, with 2 when the command"
          + " was not understood."
    })
final class ResumeCommand implements Callable<Integer> {
  /** What one request may ask for; the server may allow less. */
  private static final int REQUEST_MAX = 1_000;

  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ModeOption mode = new ModeOption();

  @Parameters(paramLabel = "GID", arity = "0..*", description = "Transactions to resume.")
  private List<String> gids = List.of();

  @Option(names = "--all", description = "Resume all that match the options below.")
  private boolean all;

  @Option(
      names = "--destination",
      paramLabel = "HOST:PORT",
      description = "Only those that are parked for a branch there.")
  private String destination = "";

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Only those whose reason contains the text.")
  private String reason = "";

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "10",
      description = "So many go on in each second; ${DEFAULT-VALUE} by default.")
  private int rate = 10;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1000000",
      description = "Most that are resumed; ${DEFAULT-VALUE} by default.")
  private int limit = 1_000_000;

  @Option(names = "--dry-run", description = "Only count those that match.")
  private boolean dryRun;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (all == !gids.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "either gids or --all (expected: exactly one of them)");
    }
    if (!all && dryRun) {
      throw new ParameterException(
          spec.commandLine(), "--dry-run: without --all (expected: with it)");
    }
    if (rate < 1 || limit < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--rate %d, --limit %d (expected: at least 1)".formatted(rate, limit));
    }
    return server.with(spec, all ? this::resumeAll : this::resumeNamed);
  }

  private void resumeNamed(ServerApi api) {
    for (var gid : gids) {
      var unused = api.post(Paths.RESET_NEXT_CRON_TIME, Map.of(Keys.GID, gid));
      spec.commandLine().getOut().println(gid + " goes on");
    }
  }

  private void resumeAll(ServerApi api) {
    int count = 0;
    var position = "";
    boolean hasRemaining = true;
    while (hasRemaining && count < limit) {
      var answer = api.post(Paths.RESUME_PARKED, request(count, position));
      count += answer.path(Keys.COUNT).asInt();
      position = answer.path(Keys.NEXT_POSITION).asText("");
      hasRemaining = answer.path(Keys.HAS_REMAINING).asBoolean();
    }
    spec.commandLine().getOut().println(summary(count));
  }

  /** Each request goes on where the one before has ended, also in time. */
  private ResumeParkedJson request(int count, String position) {
    return new ResumeParkedJson(
        mode.type(),
        destination,
        reason,
        Math.min(REQUEST_MAX, limit - count),
        rate,
        dryRun ? 0 : count / rate,
        dryRun,
        position);
  }

  private String summary(int count) {
    if (dryRun) {
      return "%d would go on, within %d s".formatted(count, count / rate);
    }
    return count == 0
        ? "nothing that matches is parked"
        : "%d go on, the last one in %d s".formatted(count, (count - 1) / rate);
  }
}
