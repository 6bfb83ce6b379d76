package io.dtm.testing.sdk;

import io.dtm.client.TransactionClient;
import io.dtm.sdk.grpc.GrpcTransactions;
import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.util.Map;
import java.util.Optional;

/** A real server, a client for each way to it, and a participant on both. */
final class World implements AutoCloseable {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "HTTP_PORT", "0",
          "GRPC_PORT", "0",
          "BIND_HOST", "127.0.0.1",
          "STORE_DRIVER", "memory",
          "CONFIG_UPDATE_INTERVAL", "0");

  private final Server server;
  private final GrpcTransactions grpc;
  private final TransactionClient http;
  final Participant participant = new Participant();

  World() {
    server =
        Server.start(ServerConfig.from(SettingsLoader.load(Optional.empty(), SETTINGS), SETTINGS));
    grpc = GrpcTransactions.of(grpcTarget());
    http = TransactionClient.of(baseUrl());
  }

  String baseUrl() {
    return "http://127.0.0.1:" + server.httpPort();
  }

  String grpcTarget() {
    return "127.0.0.1:" + server.grpcPort();
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
    server.close();
    participant.close();
  }
}
