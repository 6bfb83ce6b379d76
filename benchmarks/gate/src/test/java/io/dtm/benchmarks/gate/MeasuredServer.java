package io.dtm.benchmarks.gate;

import io.dtm.server.app.Logging;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A server like one that its operator would start, in this JVM, and clients of it. */
record MeasuredServer(Server server, Load load) implements AutoCloseable {
  /**
   * What it does every few seconds besides, and connections that it opens ahead, is not counted.
   */
  private static final Map<String, String> QUIET =
      Map.of(
          "HTTP_PORT", "0",
          "GRPC_PORT", "0",
          "BIND_HOST", "127.0.0.1",
          "LOG_LEVEL", "warn",
          "TRANS_CRON_INTERVAL", "60",
          "STORE_MAX_OPEN_CONNS", "8",
          "STORE_MAX_IDLE_CONNS", "8");

  static MeasuredServer start(String storeUrl, Watched watched, Participant participant) {
    var environment = new HashMap<>(QUIET);
    environment.put("STORE_URL", storeUrl);
    var config = ServerConfig.from(SettingsLoader.load(Optional.empty(), environment), environment);
    Logging.apply(config.log());
    var server = Server.start(config);
    return new MeasuredServer(server, new Load(watched, server.httpPort(), participant));
  }

  @Override
  public void close() {
    server.close();
  }
}
