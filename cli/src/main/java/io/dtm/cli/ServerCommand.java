package io.dtm.cli;

import io.dtm.server.app.ConfigInvalid;
import io.dtm.server.app.Logging;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.ServerStartFailed;
import io.dtm.server.app.Version;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
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
    var out = spec.commandLine().getOut();
    var err = spec.commandLine().getErr();
    try {
      var settings = file.load(environment);
      var config = ServerConfig.from(settings, environment);
      Logging.apply(config.log());
      var log = LoggerFactory.getLogger(ServerCommand.class);
      settings.warnings().forEach(log::warn);
      run(config, out);
      return CommandLine.ExitCode.OK;
    } catch (ConfigInvalid e) {
      Main.complain(err, e.problems().stream().map("config error: '%s'."::formatted).toList());
      Main.complain(err, List.of("every setting is explained in docs/configuration.md"));
    } catch (ServerStartFailed e) {
      Logging.stop();
      Main.complain(err, List.of(String.valueOf(e.getMessage())));
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static void run(ServerConfig config, PrintWriter out) throws InterruptedException {
    var server = Server.start(config);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  stop(server, out);
                  stopped.countDown();
                }));
    out.println(readyLine(config, server));
    out.flush();
    stopped.await();
  }

  private static String readyLine(ServerConfig config, Server server) {
    var host = host(config.http().bindHost());
    return "dtm-java %s is ready: http://%s:%d, gRPC %s:%d, store %s, pid %d"
        .formatted(
            Version.current(),
            host,
            server.httpPort(),
            host,
            server.grpcPort(),
            config.store().describe(),
            ProcessHandle.current().pid());
  }

  private static String host(String bindHost) {
    if (bindHost.equals("0.0.0.0") || bindHost.equals("::")) {
      return "127.0.0.1";
    }
    return bindHost.indexOf(':') >= 0 ? "[" + bindHost + "]" : bindHost;
  }

  private static void stop(Server server, PrintWriter out) {
    out.println("dtm-java is stopping");
    out.flush();
    server.close();
    Logging.stop();
    out.println("dtm-java has stopped");
    out.flush();
  }
}
