package io.dtm.cli;

import io.dtm.server.app.ConfigInvalid;
import io.dtm.server.app.Logging;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.ServerStartFailed;
import io.dtm.server.app.SettingsLoader;
import io.dtm.server.app.Version;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;

/**
 * What {@code dtm server} does, without a word about how it is asked to: the parser of command
 * lines takes a third of a server's start, and plain requests go without it.
 *
 * @param out told when the server is ready, and when it ends
 * @param err told what was wrong
 */
record ServerRun(Map<String, String> environment, PrintWriter out, PrintWriter err) {
  private static final int OK = 0;
  private static final int FAILED = 1;

  /**
   * Runs a server until the process is told to end.
   *
   * @param file the configuration, if there is one
   * @return how the command ended
   */
  int run(Optional<Path> file) throws InterruptedException {
    try {
      var settings = SettingsLoader.load(file, environment);
      var config = ServerConfig.from(settings, environment);
      Logging.apply(config.log());
      var log = LoggerFactory.getLogger(ServerRun.class);
      settings.warnings().forEach(log::warn);
      run(config);
      return OK;
    } catch (ConfigInvalid e) {
      Main.complain(err, e.problems().stream().map("config error: '%s'."::formatted).toList());
      Main.complain(err, List.of("every setting is explained in docs/configuration.md"));
    } catch (ServerStartFailed e) {
      Logging.stop();
      Main.complain(err, List.of(String.valueOf(e.getMessage())));
    }
    return FAILED;
  }

  private void run(ServerConfig config) throws InterruptedException {
    var server = Server.start(config);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("shutdown")
                .unstarted(() -> {
                  stop(server);
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

  private void stop(Server server) {
    out.println("dtm-java is stopping");
    out.flush();
    server.close();
    Logging.stop();
    out.println("dtm-java has stopped");
    out.flush();
  }
}
