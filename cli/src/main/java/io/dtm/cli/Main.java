package io.dtm.cli;

import io.dtm.server.app.Version;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/**
 * The command line. Ends with 0 when all went well, with 1 when the command failed, and with 2 when
 * it was not understood.
 */
@Command(
    name = "dtm",
    description = "A distributed transaction manager.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Main.Versions.class,
    subcommands = HelpCommand.class)
public final class Main {
  @CommandLine.Option(
      names = {"-v", "--version"},
      versionHelp = true,
      description = "Print the version and end.")
  @SuppressWarnings("UnusedVariable") // seen by the parser alone
  private boolean versionWanted;

  @CommandLine.Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help and end.")
  @SuppressWarnings("UnusedVariable") // seen by the parser alone
  private boolean helpWanted;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(
        isPlainServer(arguments)
            ? plainServer(arguments)
            : commandLine(System.getenv()).execute(arguments));
  }

  /** {@code server} or {@code server -c FILE}, as nearly every server is started. */
  private static boolean isPlainServer(String[] arguments) {
    return (arguments.length == 1 || (arguments.length == 3 && arguments[1].equals("-c")))
        && arguments[0].equals("server");
  }

  private static int plainServer(String[] arguments) throws InterruptedException {
    Optional<Path> file =
        arguments.length == 3 ? Optional.of(Path.of(arguments[2])) : Optional.empty();
    return new ServerRun(System.getenv(), writer(System.out), writer(System.err)).run(file);
  }

  private static PrintWriter writer(PrintStream out) {
    return new PrintWriter(out, true, out.charset());
  }

  /** The commands, over an environment. */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new Main())
        .addSubcommand(new QuickStartCommand())
        .addSubcommand(new ServerCommand(environment))
        .addSubcommand(new ConfigCommand(environment))
        .addSubcommand(new ImportCommand(environment))
        .addSubcommand(new MoveCommand())
        .addSubcommand(new ParkedCommand())
        .addSubcommand(new ResumeCommand())
        .addSubcommand(new SimulateCommand())
        .addSubcommand(new AotCacheCommand())
        .addSubcommand(new VerifyCommand())
        .addSubcommand(new VersionCommand());
  }

  /** For {@code --version}; the word before the number is the reference's. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {versionLine()};
    }
  }

  static String versionLine() {
    return "dtm version: " + Version.current();
  }

  /** Says what went wrong, in lines that begin with who says it. */
  static void complain(PrintWriter err, Iterable<String> problems) {
    problems.forEach(problem -> err.println("dtm: " + problem));
    err.flush();
  }
}
