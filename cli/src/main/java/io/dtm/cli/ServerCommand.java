package io.dtm.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dtm server}: runs until the process is told to end. */
@Command(
    name = "server",
    mixinStandardHelpOptions = true,
    description = "Runs a server until it is told to end (SIGTERM or SIGINT).")
final class ServerCommand implements Callable<Integer> {
  private final Map<String, String> environment;

  @Mixin private final ConfigFileOption file = new ConfigFileOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  ServerCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    var commands = spec.commandLine();
    return new ServerRun(environment, commands.getOut(), commands.getErr()).run(file.path());
  }
}
