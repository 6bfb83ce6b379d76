package io.dtm.testing.sdk;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.grpc.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A service that takes part over HTTP and over gRPC, does what the test says, and keeps what it was
 * asked. Its operations are named by the test, which must not use a name twice.
 */
final class Participant implements AutoCloseable {
  /** What one operation does; throws what the test wants the caller to hear. */
  @FunctionalInterface
  interface Operation {
    void run(BranchRequest request, Payload payload) throws Exception;
  }

  /**
   * One call.
   *
   * @param headers tells a header or an entry of the metadata by its name
   */
  record Call(
      String name, BranchRequest request, Payload payload, Function<String, String> headers) {
    @Override
    public String toString() {
      return "%s %s %s".formatted(name, request.branchId(), request.operation());
    }
  }

  private static final String SERVICE = "test.Participant";

  private final Map<String, Operation> always = new ConcurrentHashMap<>();
  private final Map<String, Queue<Operation>> once = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final Server grpc;

  Participant() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      grpc = GrpcMethods.serve(SERVICE, this::run);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/", this::answer);
    http.start();
  }

  /** Where an operation is asked for. */
  String address(Way way, String name) {
    return switch (way) {
      case HTTP -> "http://127.0.0.1:%d/%s".formatted(http.getAddress().getPort(), name);
      case GRPC -> "127.0.0.1:%d/%s/%s".formatted(grpc.getPort(), SERVICE, name);
    };
  }

  /** What an operation does from now on; it succeeds unless told otherwise. */
  void always(String name, Operation operation) {
    always.put(name, operation);
  }

  /** What an operation does at its next call only; may be given more than once. */
  void once(String name, Operation operation) {
    once.computeIfAbsent(name, n -> new ConcurrentLinkedQueue<>()).add(operation);
  }

  /** Each call of a transaction, as {@code name branch operation}. */
  List<String> asked(String gid) {
    return calls(gid).stream().map(Call::toString).toList();
  }

  List<Call> calls(String gid) {
    return calls.stream().filter(call -> call.request().gid().equals(gid)).toList();
  }

  static Operation refuse(String reason) {
    return (request, payload) -> {
      throw new BranchRefused(reason);
    };
  }

  static Operation askLater() {
    return (request, payload) -> {
      throw new BranchOngoing("not yet");
    };
  }

  static Operation breakDown() {
    return (request, payload) -> {
      throw new IllegalStateException("broken");
    };
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
    threads.shutdownNow();
  }

  private Payload run(Call call) throws Exception {
    calls.add(call);
    var next = once.getOrDefault(call.name(), new ConcurrentLinkedQueue<>()).poll();
    operation(call.name(), next).run(call.request(), call.payload());
    return Payload.of("done");
  }

  private Operation operation(String name, @Nullable Operation next) {
    return next != null ? next : always.getOrDefault(name, (request, payload) -> {});
  }

  private void answer(HttpExchange exchange) throws IOException {
    var status = 200;
    var body = "";
    try {
      var call =
          new Call(
              exchange.getRequestURI().getPath().substring(1),
              BranchRequest.fromQuery(exchange.getRequestURI().getRawQuery()),
              Payload.of(exchange.getRequestBody().readAllBytes()),
              name -> String.valueOf(exchange.getRequestHeaders().getFirst(name)));
      body = run(call).text();
    } catch (BranchRefused e) {
      status = 409;
      body = String.valueOf(e.getMessage());
    } catch (BranchOngoing e) {
      status = 425;
      body = String.valueOf(e.getMessage());
    } catch (Exception e) {
      status = 500;
      body = e.toString();
    }
    var bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
