package io.dtm.cli;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionException;
import io.dtm.examples.bank.Bank;
import io.dtm.protocol.Paths;
import io.dtm.server.app.ConfigInvalid;
import io.dtm.server.app.Logging;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.ServerStartFailed;
import io.dtm.server.app.SettingsLoader;
import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code dtm quickstart}: a real server and a bank in one process, two transfers, and what to try
 * next.
 */
@Command(
    name = "quickstart",
    description =
        "Starts a server and a small bank on this machine, shows a transfer that succeeds and one"
            + " that is rolled back, and goes on running for you to try more.",
    showDefaultValues = true)
final class QuickStartCommand implements Callable<Integer> {
  @Option(names = "--once", description = "End after the two transfers.")
  private boolean once;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "36789",
      description = "Port of the server's API; 0 for any that is free.")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      defaultValue = "dtm-data/quickstart",
      description = "Where the server keeps its data; may be used again and again.")
  private Path dataDir = Path.of(".");

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this help and end.")
  @SuppressWarnings("UnusedVariable") // seen by the parser alone
  private boolean helpWanted;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    var timeline = new QuickStartTimeline(InstantSource.system());
    try (var server = Server.start(config());
        var bank = Bank.open(0, InstantSource.system(), timeline::bankCalled)) {
      return show(server, bank, timeline, out);
    } catch (ConfigInvalid e) {
      Main.complain(err, e.problems());
    } catch (ServerStartFailed e) {
      Main.complain(err, whyNotStarted(e));
    } catch (TransactionException e) {
      Main.complain(err, List.of("the demonstration broke off: " + e.getMessage()));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  /**
   * The same for everybody: what the environment or a file says for other servers is not for this
   * one.
   */
  private ServerConfig config() {
    var environment =
        Map.of(
            "HTTP_PORT",
            Integer.toString(port),
            "GRPC_PORT",
            "0",
            "BIND_HOST",
            "127.0.0.1",
            "STORE_DATA_DIR",
            dataDir.toString(),
            "LOG_LEVEL",
            "warn");
    var config = ServerConfig.from(SettingsLoader.load(Optional.empty(), environment), environment);
    Logging.apply(config.log());
    return config;
  }

  private int show(Server server, Bank bank, QuickStartTimeline timeline, PrintWriter out)
      throws InterruptedException {
    var url = "http://127.0.0.1:" + server.httpPort();
    var client = TransactionClient.of(url);
    out.printf("dtm  %s  (a real server, its data in %s)%n", url, dataDir);
    out.printf("bank %s  (a service with two accounts, alice's and bob's)%n", bank.url());
    out.printf(
        "%nA transfer is a saga of two steps, each with a call that undoes it:%n"
            + "  TransOut takes from alice  (undone by TransOutCompensate)%n"
            + "  TransIn  gives to bob      (undone by TransInCompensate)%n");
    out.flush();

    var isRight = new QuickStartTour(client, bank, timeline, out).run();

    out.println();
    out.println(
        isRight
            ? "Both as they should be: all or nothing."
            : "Something is WRONG above. Please report it with this output.");
    if (isRight && !once) {
      stay(server, bank, client.newGid(), out);
    }
    out.flush();
    return isRight ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  /** Until the process is told to end. */
  private static void stay(Server server, Bank bank, String gid, PrintWriter out)
      throws InterruptedException {
    var api = "http://127.0.0.1:%d%s".formatted(server.httpPort(), apiPath());
    out.printf("%nThe server goes on running. Its API: %s%n", api);
    out.printf("%nSubmit a transfer yourself, and see where the money went:%n%n");
    out.println(QuickStartHints.submit(api, gid, bank.url()).indent(2).stripTrailing());
    out.println("  " + QuickStartHints.accounts(bank.url()));
    out.printf("%nAsk how it stands, and list all there are:%n%n");
    out.println("  " + QuickStartHints.query(api, gid));
    out.println("  " + QuickStartHints.list(api));
    out.printf("%nCtrl-C ends it.%n");
    out.flush();
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  server.close();
                  bank.close();
                }));
    new CountDownLatch(1).await();
  }

  private static String apiPath() {
    return Paths.SUBMIT.substring(0, Paths.SUBMIT.lastIndexOf('/'));
  }

  private List<String> whyNotStarted(ServerStartFailed failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return List.of(
            "port %d is taken, perhaps by another dtm; end that, or choose another with --port"
                .formatted(port));
      }
    }
    return List.of(
        String.valueOf(failure.getMessage()),
        "the quick start runs in another folder with --data-dir, on another port with --port");
  }
}
