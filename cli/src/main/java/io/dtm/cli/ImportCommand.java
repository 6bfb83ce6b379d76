package io.dtm.cli;

import io.dtm.server.app.ServerConfig;
import io.dtm.server.stores.OpenStore;
import io.dtm.server.stores.StoreConfig;
import io.dtm.server.transfer.Import;
import io.dtm.server.transfer.ReferenceStore;
import io.dtm.server.transfer.ReferenceStores;
import io.dtm.server.transfer.ReferenceUrl;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code dtm import}: what a reference has not finished goes on with a server of ours. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Takes unfinished transactions and topics from the store of a DTM server that has been"
          + " stopped into the store that this configuration names.",
      "Without --apply nothing is written: it only says what would be. May be repeated: what is"
          + " there already is left as it is."
    },
    footer = {
      "",
      "Ends with 0 when everything is, or could be, in the store; with 1 when something is not,"
          + " and says what; with 2 when the command was not understood."
    })
final class ImportCommand implements Callable<Integer> {
  static final String PASSWORD_VARIABLE = "DTM_SOURCE_PASSWORD";

  private final Map<String, String> environment;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "URL",
      description = {
        "Store of the DTM server:",
        "  mysql://user:password@host:3306/dtm (?zone=+08:00 when that server ran in another zone),",
        "  postgres://user:password@host:5432/dtm?schema=public,",
        "  redis://:password@host:6379/0?prefix={a} (several hosts: a cluster).",
        "A password that stands in " + PASSWORD_VARIABLE + " may be left out."
      })
  private String from = "";

  @Option(names = "--apply", description = "Write; otherwise it is only said what would be.")
  private boolean applyWanted;

  @Option(
      names = "--watch",
      paramLabel = "SECONDS",
      defaultValue = "4",
      description =
          "How long the source is watched for a server still at work on it (default:"
              + " ${DEFAULT-VALUE}).")
  private int watchSeconds;

  @Mixin private final ConfigFileOption file = new ConfigFileOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  ImportCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    var url = understood(() -> ReferenceUrl.parse(from, password()));
    return TransferExit.of(spec.commandLine().getErr(), () -> transfer(url));
  }

  private String password() {
    return environment.getOrDefault(PASSWORD_VARIABLE, "");
  }

  private <T> T understood(Supplier<T> part) {
    try {
      return part.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--from: " + e.getMessage());
    }
  }

  private boolean transfer(ReferenceUrl url) {
    var target = target();
    try (var source = understood(() -> ReferenceStores.open(url));
        var store = OpenStore.open(target, InstantSource.system())) {
      var out = spec.commandLine().getOut();
      out.printf("from  %s%nto    %s%n%n", source.describe(), target.describe());
      out.flush();
      return transfer(source, store);
    }
  }

  private StoreConfig target() {
    var store = ServerConfig.from(file.load(environment), environment).store();
    if (store instanceof StoreConfig.Memory) {
      throw new ParameterException(
          spec.commandLine(),
          "Store.Driver: memory (expected: a store that keeps what is imported)");
    }
    return store;
  }

  private boolean transfer(ReferenceStore source, OpenStore store) {
    var report =
        new Import(store.clock(), this::watch)
            .run(
                source,
                store.transactions(),
                store.keyValues(),
                applyWanted ? Import.Mode.APPLY : Import.Mode.DRY_RUN);
    ImportText.print(report, spec.commandLine().getOut());
    Main.complain(
        spec.commandLine().getErr(), ProblemText.lines(report.problems(), report.problemCount()));
    return report.isComplete();
  }

  private void watch() {
    try {
      Thread.sleep(Duration.ofSeconds(Math.max(0, watchSeconds)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
