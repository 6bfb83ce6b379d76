package io.dtm.testing.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.sdk.grpc.ParticipantInterceptor;
import io.dtm.sdk.grpc.WorkflowService;
import io.dtm.workflow.Workflows;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Where a server has workflows resumed, over HTTP and over gRPC. */
final class WorkflowNode implements AutoCloseable {
  private volatile @Nullable Workflows workflows;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final Server grpc;

  WorkflowNode() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      grpc =
          Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
              .addService(
                  new WorkflowService((request, input) -> workflows().resume(request, input)))
              .intercept(new ParticipantInterceptor())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  String address(Way way) {
    return switch (way) {
      case HTTP -> "http://127.0.0.1:%d/workflows".formatted(http.getAddress().getPort());
      case GRPC -> WorkflowService.address("127.0.0.1:" + grpc.getPort());
    };
  }

  /** Has these resumed from now on; those of before are forgotten, as by a new process. */
  Workflows runs(Workflows next) {
    workflows = next;
    return next;
  }

  private Workflows workflows() {
    return requireNonNull(workflows, "workflows");
  }

  private void answer(HttpExchange exchange) throws IOException {
    var reply =
        workflows()
            .resume(
                exchange.getRequestURI().getRawQuery(), exchange.getRequestBody().readAllBytes());
    var bytes = reply.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(reply.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
    threads.shutdownNow();
  }
}
