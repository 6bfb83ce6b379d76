package io.dtm.cli;

import io.dtm.server.app.ConfigInvalid;
import io.dtm.server.app.EffectiveSettings;
import io.dtm.server.app.Origin;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.Setting;
import io.dtm.server.app.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dtm config}: what a server would run with, and where each value comes from. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Checks the configuration, and prints every value and where it came from.")
final class ConfigCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private final ConfigFileOption file = new ConfigFileOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    var err = spec.commandLine().getErr();
    try {
      var settings = file.load(environment);
      print(settings, spec.commandLine().getOut());
      Main.complain(err, settings.warnings());
      ServerConfig.from(settings, environment);
      return CommandLine.ExitCode.OK;
    } catch (ConfigInvalid e) {
      Main.complain(err, e.problems());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private static void print(EffectiveSettings settings, PrintWriter out) {
    var shown = Settings.all().stream().filter(setting -> isOfInterest(setting, settings)).toList();
    var keys = width(shown.stream().map(Setting::key).toList());
    var values = width(shown.stream().map(settings::shown).toList());
    var format = "%-" + keys + "s  %-" + values + "s  %s%n";
    shown.forEach(setting ->
        out.printf(
            format,
            setting.key(),
            settings.shown(setting),
            settings.value(setting).origin().describe()));
    out.flush();
  }

  /** What is in force, and what somebody wrongly believes to be. */
  private static boolean isOfInterest(Setting setting, EffectiveSettings settings) {
    return setting.hasEffect() || !(settings.value(setting).origin() instanceof Origin.Default);
  }

  private static int width(List<String> column) {
    return column.stream().mapToInt(String::length).max().orElse(0);
  }
}
