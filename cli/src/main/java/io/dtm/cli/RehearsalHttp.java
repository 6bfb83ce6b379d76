package io.dtm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Client and participant over HTTP. */
final class RehearsalHttp implements RehearsalWire, AutoCloseable {
  private static final String API = "/api/dtmsvr/";
  private static final int WAITING_CONNECTIONS_MAX = 64;

  private final ServerApi server;
  private final HttpServer participant;

  RehearsalHttp(String url) throws IOException {
    server = new ServerApi(url);
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    participant = HttpServer.create(anyPort, WAITING_CONNECTIONS_MAX);
    participant.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    participant.createContext("/", RehearsalHttp::answer);
    participant.start();
  }

  private static void answer(HttpExchange call) throws IOException {
    try (call) {
      call.getRequestBody().readAllBytes();
      boolean refuses = call.getRequestURI().getPath().startsWith("/refuse");
      call.sendResponseHeaders(refuses ? 409 : 200, -1);
    }
  }

  @Override
  public void send(String route, JsonNode request) {
    server.post(API + route, request);
  }

  @Override
  public String participant() {
    return "http://127.0.0.1:" + participant.getAddress().getPort();
  }

  /** What a console or an operator asks now and then. */
  void look() {
    server.get("/api/ping");
    server.get(API + "all?limit=10");
    server.get(API + "nodes");
  }

  @Override
  public void close() {
    server.close();
    participant.stop(0);
  }
}
