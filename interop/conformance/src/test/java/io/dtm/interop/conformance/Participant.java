package io.dtm.interop.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dtm.protocol.grpc.RawBytes;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A business service on every wire. It remembers what it was asked, and agrees unless told
 * otherwise for the next call of a branch. Thread-safe.
 */
final class Participant implements AutoCloseable {
  private static final String JSON_RPC_PATH = "/json-rpc";
  private static final String ALERT_PATH = "/alert";

  private final HttpServer http;
  private final Server grpc;
  private final Map<String, Queue<Call>> callsByGid = new ConcurrentHashMap<>();
  private final Map<String, Queue<Answer>> script = new ConcurrentHashMap<>();
  private final Queue<JsonNode> alerts = new ConcurrentLinkedQueue<>();

  Participant() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::answerHttp);
    http.start();
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .fallbackHandlerRegistry(new EveryMethod())
            .build()
            .start();
  }

  /** Where the server reaches one of its operations. */
  String at(Wire wire, String target) {
    return switch (wire) {
      case HTTP -> httpUrl("/" + target);
      case JSON_RPC -> httpUrl(JSON_RPC_PATH + "?method=" + target);
      case GRPC -> "127.0.0.1:%d/busi.Busi/%s".formatted(grpc.getPort(), target);
    };
  }

  String workflowExecute() {
    return "127.0.0.1:%d/workflow.Workflow/Execute".formatted(grpc.getPort());
  }

  String alertUrl() {
    return httpUrl(ALERT_PATH);
  }

  /**
   * Plans the answers to the next calls of a branch, such as {@code 01 action}; success follows.
   */
  void plan(String gid, String call, Answer... answers) {
    script
        .computeIfAbsent(gid + " " + call, any -> new ConcurrentLinkedQueue<>())
        .addAll(List.of(answers));
  }

  /** What was asked for a transaction so far, in the order of arrival. */
  List<Call> calls(String gid) {
    return List.copyOf(callsByGid.getOrDefault(gid, new ConcurrentLinkedQueue<>()));
  }

  /** As {@link #calls}, only branches and operations. */
  List<String> names(String gid) {
    return calls(gid).stream().map(Call::name).toList();
  }

  /** The alerts about a transaction so far. */
  List<JsonNode> alerts(String gid) {
    return alerts.stream().filter(alert -> alert.path("gid").asText().equals(gid)).toList();
  }

  private String httpUrl(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  private Answer next(Call call) {
    callsByGid.computeIfAbsent(call.gid(), any -> new ConcurrentLinkedQueue<>()).add(call);
    var planned = script.get(call.gid() + " " + call.name());
    var answer = planned == null ? null : planned.poll();
    if (answer == null) {
      return Answer.SUCCESS;
    }
    try {
      if (!answer.gate().await(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return Answer.ERROR;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }

  private void answerHttp(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var path = exchange.getRequestURI().getPath();
      if (path.equals(ALERT_PATH)) {
        alerts.add(Json.read(body));
        reply(exchange, 500, "{}");
      } else if (path.equals(JSON_RPC_PATH)) {
        reply(exchange, 200, answerJsonRpc(exchange, body));
      } else {
        var query = exchange.getRequestURI().getRawQuery();
        var parameters = parameters(query);
        var answer =
            next(
                new Call(
                    Wire.HTTP,
                    parameters.getOrDefault("gid", ""),
                    parameters.getOrDefault("branch_id", ""),
                    parameters.getOrDefault("op", ""),
                    parameters.getOrDefault("trans_type", ""),
                    exchange.getRequestMethod(),
                    path.substring(1),
                    query,
                    headers(exchange),
                    body));
        switch (answer.outcome()) {
          case SUCCESS -> reply(exchange, 200, "null");
          case FAILURE -> reply(exchange, 409, "{\"error\":\"" + answer.reason() + " FAILURE\"}");
          case ONGOING -> reply(exchange, 425, "{\"error\":\"ONGOING\"}");
          case ERROR -> reply(exchange, 500, "{\"error\":\"" + answer.reason() + "\"}");
          case OLD_FAILURE, OLD_ONGOING ->
              reply(exchange, 200, "{\"dtm_result\":\"" + answer.reason() + "\"}");
        }
      }
    }
  }

  private String answerJsonRpc(HttpExchange exchange, String body) {
    var request = Json.read(body);
    var params = request.path("params");
    var answer =
        next(
            new Call(
                Wire.JSON_RPC,
                params.path("gid").asText(),
                params.path("branch_id").asText(),
                params.path("op").asText(),
                params.path("trans_type").asText(),
                exchange.getRequestMethod(),
                request.path("method").asText(),
                exchange.getRequestURI().getRawQuery(),
                headers(exchange),
                body));
    int code =
        switch (answer.outcome()) {
          case SUCCESS -> 0;
          case FAILURE -> -32901;
          case ONGOING -> -32902;
          case ERROR, OLD_FAILURE, OLD_ONGOING -> -32603;
        };
    return code == 0
        ? "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":null,\"result\":{}}"
            .formatted(request.get("id"))
        : "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"%s\"},\"result\":null}"
            .formatted(request.get("id"), code, answer.reason());
  }

  private static void reply(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> headers(HttpExchange exchange) {
    var headers = new HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return headers;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    var parameters = new HashMap<String, String>();
    for (var pair : (query == null ? "" : query).split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            pair.substring(0, equals),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  @Override
  public void close() {
    http.stop(0);
    grpc.shutdownNow();
  }

  /** Answers to any unary method, and leaves messages as they are. */
  private final class EveryMethod extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
      var descriptor =
          MethodDescriptor.<byte[], byte[]>newBuilder(RawBytes.MARSHALLER, RawBytes.MARSHALLER)
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(method)
              .build();
      return ServerMethodDefinition.create(
          descriptor,
          (call, headers) -> {
            call.request(2);
            return new Answering(call, headers);
          });
    }
  }

  private final class Answering extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private final Metadata headers;
    private byte[] body = {};

    Answering(ServerCall<byte[], byte[]> call, Metadata headers) {
      this.call = call;
      this.headers = headers;
    }

    @Override
    public void onMessage(byte[] message) {
      body = message;
    }

    @Override
    public void onHalfClose() {
      var all = new HashMap<String, String>();
      for (var key : headers.keys()) {
        if (!key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
          all.put(key, text(key));
        }
      }
      var method = call.getMethodDescriptor().getFullMethodName();
      var answer =
          next(
              new Call(
                  Wire.GRPC,
                  text("dtm-gid"),
                  text("dtm-branch_id"),
                  text("dtm-op"),
                  text("dtm-trans_type"),
                  "",
                  method.substring(method.lastIndexOf('/') + 1),
                  "",
                  all,
                  new String(body, StandardCharsets.UTF_8)));
      if (answer.outcome() == Answer.Outcome.SUCCESS) {
        call.sendHeaders(new Metadata());
        call.sendMessage(new byte[0]);
      }
      call.close(
          switch (answer.outcome()) {
            case SUCCESS -> Status.OK;
            case FAILURE, OLD_FAILURE, OLD_ONGOING ->
                Status.ABORTED.withDescription(answer.reason());
            case ONGOING -> Status.FAILED_PRECONDITION.withDescription("ONGOING");
            case ERROR -> Status.INTERNAL.withDescription(answer.reason());
          },
          new Metadata());
    }

    private String text(String key) {
      var value = headers.get(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
      return value == null ? "" : value;
    }
  }
}
