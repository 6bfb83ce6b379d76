package io.dtm.testing.sdk;

import io.dtm.client.TransactionClient;
import io.dtm.sdk.grpc.GrpcTransactions;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.util.Map;
import java.util.Optional;

/**
 * A real server, a client for each way to it, and a participant on both. With the system properties
 * {@code dtm.http} and {@code dtm.grpc} it is a server that runs already, such as DTM's own.
 */
final class World implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "HTTP_PORT", "0",
          "GRPC_PORT", "0",
          "BIND_HOST", "127.0.0.1",
          "STORE_DRIVER", "memory",
          "CONFIG_UPDATE_INTERVAL", "0");

  private final Optional<Server> server;
  private final GrpcTransactions grpc;
  private final TransactionClient http;
  final Participant participant = new Participant();

  World() {
    server = isElsewhere() ? Optional.empty() : Optional.of(start());
    http = TransactionClient.of(baseUrl());
    var builder = GrpcTransactions.builder().target(grpcTarget());
    grpc = (isElsewhere() ? builder.oversight(http) : builder).build();
  }

  /** Whether the server is not that of this checkout. */
  static boolean isElsewhere() {
    return System.getProperty("dtm.http") != null;
  }

  private static Server start() {
    return Server.start(
        ServerConfig.from(SettingsLoader.load(Optional.empty(), SETTINGS), SETTINGS));
  }

  String baseUrl() {
    return server
        .map(own -> "http://127.0.0.1:" + own.httpPort())
        .orElseGet(() -> System.getProperty("dtm.http"));
  }

  String grpcTarget() {
    return server
        .map(own -> "127.0.0.1:" + own.grpcPort())
        .orElseGet(() -> System.getProperty("dtm.grpc", "127.0.0.1:36790"));
  }

  TransactionClient client(Way way) {
    return switch (way) {
      case HTTP -> http;
      case GRPC -> grpc.client();
    };
  }

  @Override
  public void close() {
    grpc.close();
    server.ifPresent(Server::close);
    participant.close();
  }
}
