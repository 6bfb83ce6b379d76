package io.dtm.cli;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The option that says which server a command is for. */
final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = ServerApi.URL_DEFAULT,
      description = "Server to ask, any one of several on a store; ${DEFAULT-VALUE} by default.")
  private String url = ServerApi.URL_DEFAULT;

  /** Runs a command against it; says what went wrong, and how the command ended. */
  int with(CommandSpec spec, Consumer<ServerApi> command) {
    try (var server = new ServerApi(url)) {
      command.accept(server);
      spec.commandLine().getOut().flush();
      return CommandLine.ExitCode.OK;
    } catch (ServerApi.Failed e) {
      spec.commandLine().getOut().flush();
      Main.complain(spec.commandLine().getErr(), List.of(String.valueOf(e.getMessage())));
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--server: %s".formatted(e.getMessage()), e);
    }
  }
}
