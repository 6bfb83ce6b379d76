package io.dtm.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A manager that gives the answers it was told to, in that order, over real HTTP, and keeps what it
 * was asked.
 */
final class FakeManager implements AutoCloseable {
  record Asked(String method, String pathAndQuery, String body) {}

  private record Answer(int status, String body, boolean complete) {}

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  FakeManager() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** A base URL at which nobody listens. */
  static String nobody() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  FakeManager answers(int status, String body) {
    answers.add(new Answer(status, body, true));
    return this;
  }

  FakeManager succeeds() {
    return answers(200, "{\"dtm_result\":\"SUCCESS\"}");
  }

  /** Sends the head of an answer and half of its body, and then nothing more. */
  FakeManager stallsHalfway() {
    answers.add(new Answer(200, "{\"dtm_result\":", false));
    return this;
  }

  /** Describes a saga of two steps, of which the second was refused. */
  FakeManager describes(String gid, String status) {
    return answers(200, description(gid, "saga", status));
  }

  static String description(String gid, String mode, String status) {
    var isFinal = status.equals("failed") || status.equals("succeed");
    return """
    {"branches":[
      {"id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:07.25+08:00",
       "gid":"%1$s","url":"http://bank/TransOutCompensate","bin_data":"e30=","branch_id":"01",
       "op":"compensate","status":"prepared"},
      {"id":0,"create_time":null,"update_time":null,
       "gid":"%1$s","url":"http://bank/TransOut","bin_data":"e30=","branch_id":"01",
       "op":"action","status":"succeed","finish_time":"2026-01-02T03:04:06Z"},
      {"id":0,"create_time":null,"update_time":null,"gid":"%1$s","branch_id":"02",
       "op":"compensate","status":"prepared"},
      {"id":0,"create_time":null,"update_time":null,
       "gid":"%1$s","url":"http://bank/TransIn","branch_id":"02",
       "op":"action","status":"failed","future_member":[1]}],
     "transaction":{
       "id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:06Z",
       "gid":"%1$s","trans_type":"%2$s","status":"%3$s",%4$s
       "rollback_reason":"url:http://bank/TransIn return failed: frozen FAILURE",
       "options":"{\\"concurrent\\":false}","next_cron_interval":10,
       "next_cron_time":"2026-01-02T03:04:15Z","wait_result":true,"concurrent":false,
       "future_member":{}}}
    """
        .formatted(gid, mode, status, isFinal ? "\"rollback_time\":\"2026-01-02T03:04:08Z\"," : "");
  }

  List<Asked> asked() {
    return asked;
  }

  /** Whether it is asked for this path, now or within the time. */
  boolean isAsked(String path, Duration time) {
    var deadline = System.nanoTime() + time.toNanos();
    while (asked.stream().noneMatch(one -> one.pathAndQuery().equals(path))) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(1_000_000);
    }
    return true;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(exchange.getRequestMethod(), exchange.getRequestURI().toString(), body));
    var answer = answers.poll();
    if (answer == null) {
      answer = new Answer(500, "{\"message\":\"the test has no answer left\"}", true);
    }
    var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(answer.status(), bytes.length + (answer.complete() ? 0 : 1));
    exchange.getResponseBody().write(bytes);
    exchange.getResponseBody().flush();
    if (answer.complete()) {
      exchange.close();
    }
  }
}
