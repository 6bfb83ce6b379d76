package io.dtm.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Paths;
import java.net.URLEncoder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code dtm parked}: which transactions a server has given up for now. */
@Command(
    name = "parked",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the transactions that are not tried any more because a limit of their retry policy was"
          + " reached, the longest parked first."
    },
    footer = {"", "They go on with: dtm resume"})
final class ParkedCommand implements Callable<Integer> {
  @Mixin private final ServerOption server = new ServerOption();
  @Mixin private final ModeOption mode = new ModeOption();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most that are shown; ${DEFAULT-VALUE} by default.")
  private int limit = 100;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    return server.with(spec, this::list);
  }

  private void list(ServerApi api) {
    var table = new Table(5, "gid", "type", "status", "parked since", "reason");
    int shown = 0;
    var position = "";
    do {
      var page = api.get(query(position, limit - shown));
      for (var transaction : page.path(Keys.TRANSACTIONS)) {
        add(table, transaction);
        shown++;
      }
      position = page.path(Keys.NEXT_POSITION).asText("");
    } while (!position.isEmpty() && shown < limit);
    var out = spec.commandLine().getOut();
    if (shown == 0) {
      out.println("nothing is parked");
      return;
    }
    table.print(out);
    if (!position.isEmpty()) {
      out.println("and more");
    }
  }

  private String query(String position, int count) {
    return "%s?%s=true&%s=%d&%s=%s&%s=%s"
        .formatted(
            Paths.ALL,
            Keys.PARKED,
            Keys.LIMIT,
            count,
            Keys.TRANS_TYPE_PARAMETER,
            URLEncoder.encode(mode.type(), UTF_8),
            Keys.POSITION,
            URLEncoder.encode(position, UTF_8));
  }

  private static void add(Table table, JsonNode transaction) {
    table.add(
        transaction.path(Keys.GID).asText(),
        transaction.path(Keys.TRANS_TYPE).asText(),
        transaction.path(Keys.STATUS).asText(),
        transaction.path(Keys.PARKED_SINCE).asText(),
        transaction.path(Keys.PARKED_REASON).asText().replaceAll("\\s+", " "));
  }
}
