package io.dtm.interop.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.dtm.protocol.grpc.DtmBranchRequest;
import io.dtm.protocol.grpc.DtmGrpc;
import io.dtm.protocol.grpc.DtmTopicRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The server, a client of it on every wire, and a participant that it calls. Thread-safe. */
final class Bench implements AutoCloseable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(40);

  private final Participant participant;
  private final @Nullable ServerProcess process;
  private final URI http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final ManagedChannel channel;

  private Bench(
      Participant participant, @Nullable ServerProcess process, URI http, String grpcTarget) {
    this.participant = participant;
    this.process = process;
    this.http = http;
    this.channel = NettyChannelBuilder.forTarget(grpcTarget).usePlaintext().build();
  }

  /** Starts a server, or takes the one that {@code -Ddtm.http} and {@code -Ddtm.grpc} name. */
  static Bench open() {
    try {
      var participant = new Participant();
      var http = System.getProperty("dtm.http");
      var grpc = System.getProperty("dtm.grpc");
      if (http != null && grpc != null) {
        return new Bench(participant, null, URI.create(http), grpc);
      }
      var process = ServerProcess.start(participant.alertUrl());
      var bench = new Bench(participant, process, process.http(), process.grpc());
      Await.until(bench::answers, answers -> answers);
      return bench;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Participant participant() {
    return participant;
  }

  /** Whether the server is one of our own, with our configuration. */
  boolean ownServer() {
    return process != null;
  }

  static String gid() {
    return "conformance-" + UUID.randomUUID();
  }

  /** Sends {@code prepare}, {@code submit}, {@code abort} or {@code prepareWorkflow}. */
  Reply send(Wire wire, String command, Request request) {
    return switch (wire) {
      case HTTP -> post("/api/dtmsvr/" + command, Json.write(request.json()));
      case JSON_RPC -> jsonRpc(command, request.json());
      case GRPC ->
          overGrpc(() -> {
            var stub = grpc();
            var message = request.grpc();
            switch (command) {
              case "prepare" -> stub.prepare(message);
              case "submit" -> stub.submit(message);
              case "abort" -> stub.abort(message);
              case "prepareWorkflow" -> stub.prepareWorkflow(message);
              default -> throw new IllegalArgumentException(command);
            }
          });
    };
  }

  /** Registers a branch; {@code data} are the members besides gid, type and branch. */
  Reply register(Wire wire, String gid, String type, String branch, Map<String, String> data) {
    var body = new LinkedHashMap<String, String>(data);
    body.put("gid", gid);
    body.put("trans_type", type);
    body.put("branch_id", branch);
    return switch (wire) {
      case HTTP -> post("/api/dtmsvr/registerBranch", Json.write(body));
      case JSON_RPC -> jsonRpc("registerBranch", body);
      case GRPC -> {
        var rest = new LinkedHashMap<>(data);
        var payload = rest.remove("data");
        yield overGrpc(() ->
            grpc()
                .registerBranch(
                    DtmBranchRequest.newBuilder()
                        .setGid(gid)
                        .setTransType(type)
                        .setBranchID(branch)
                        .putAllData(rest)
                        .setBusiPayload(ByteString.copyFromUtf8(payload == null ? "" : payload))
                        .build()));
      }
    };
  }

  /** Sends {@code subscribe}, {@code unsubscribe} or {@code delete}. */
  Reply topic(Wire wire, String command, String topic, String url) {
    if (wire == Wire.GRPC) {
      var message = DtmTopicRequest.newBuilder().setTopic(topic).setURL(url).build();
      return overGrpc(() -> {
        switch (command) {
          case "subscribe" -> grpc().subscribe(message);
          case "unsubscribe" -> grpc().unsubscribe(message);
          default -> grpc().deleteTopic(message);
        }
      });
    }
    return command.equals("delete")
        ? exchange(request("/api/dtmsvr/topic/" + topic).DELETE())
        : get(
            "/api/dtmsvr/%s?topic=%s&url=%s&remark=r"
                .formatted(command, encoded(topic), encoded(url)));
  }

  DtmGrpc.DtmBlockingStub grpc() {
    return DtmGrpc.newBlockingStub(channel).withDeadlineAfter(ANSWER_LIMIT);
  }

  Reply get(String path) {
    return exchange(request(path).GET());
  }

  Reply post(String path, String body) {
    return exchange(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** Posts to a command that needs only a gid. */
  Reply command(String command, String gid) {
    return post("/api/dtmsvr/" + command, Json.write(Map.of("gid", gid)));
  }

  Reply jsonRpc(String method, Map<String, ?> params) {
    var reply =
        post(
            "/api/json-rpc",
            Json.write(
                Map.of("jsonrpc", "2.0", "id", "conformance", "method", method, "params", params)));
    var error = reply.body().path("error");
    int code =
        switch (error.path("code").asInt()) {
          case 0 -> reply.code();
          case -32901 -> 409;
          case -32902 -> 425;
          case -32602 -> 400;
          default -> 500;
        };
    return new Reply(code, error.path("message").asText(), reply.body());
  }

  Found query(String gid) {
    var body = get("/api/dtmsvr/query?gid=" + encoded(gid)).body();
    return new Found(body.path("transaction"), body.path("branches"));
  }

  Found awaitStatus(String gid, String status) {
    return Await.until(() -> query(gid), found -> found.status().equals(status));
  }

  /** Waits for a status, and has every retry begin at once. */
  Found driveTo(String gid, String status) {
    return drive(gid, found -> found.status().equals(status));
  }

  /** Waits for what a query shows, and has every retry begin at once. */
  Found drive(String gid, Predicate<Found> wanted) {
    return Await.until(
        () -> {
          var found = query(gid);
          if (!wanted.test(found)) {
            retryNow(gid);
          }
          return found;
        },
        wanted);
  }

  void retryNow(String gid) {
    command("resetNextCronTime", gid);
  }

  /** Waits until the participant was called that often for a transaction. */
  void awaitCalls(String gid, int calls) {
    Await.until(() -> participant.names(gid), names -> names.size() >= calls);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private boolean answers() {
    if (process != null) {
      process.mustBeAlive();
    }
    try {
      return client
              .send(request("/api/ping").build(), HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(http + path)).timeout(ANSWER_LIMIT);
  }

  private Reply exchange(HttpRequest.Builder request) {
    try {
      var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      var text = response.body();
      JsonNode body =
          text.startsWith("{") || text.startsWith("[") ? Json.read(text) : Json.read("null");
      return new Reply(
          response.statusCode(), body.isObject() ? body.path("message").asText() : text, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static Reply overGrpc(Runnable call) {
    var none = Json.read("null");
    try {
      call.run();
      return new Reply(200, "", none);
    } catch (StatusRuntimeException e) {
      var description = e.getStatus().getDescription();
      int code =
          switch (e.getStatus().getCode()) {
            case ABORTED, ALREADY_EXISTS -> 409;
            case FAILED_PRECONDITION -> 425;
            case INVALID_ARGUMENT -> 400;
            case NOT_FOUND -> 404;
            default -> 500;
          };
      return new Reply(code, description == null ? "" : description, none);
    }
  }

  @Override
  public void close() throws IOException {
    channel.shutdownNow();
    client.close();
    if (process != null) {
      process.close();
    }
    participant.close();
  }
}
