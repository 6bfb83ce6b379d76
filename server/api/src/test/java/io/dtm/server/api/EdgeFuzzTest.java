package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.protocol.Keys;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever comes in, no request ends in a server error or hangs; a failing case can be repeated by
 * its seed.
 */
class EdgeFuzzTest {
  private static final int REQUESTS = 1_500;
  private static final List<String> POSTS =
      List.of(
          "submit",
          "prepare",
          "abort",
          "forceStop",
          "resetNextCronTime",
          "prepareWorkflow",
          "registerBranch",
          "registerTccBranch",
          "registerXaBranch");
  private static final List<String> GETS =
      List.of(
          "query",
          "all",
          "resetCronTime",
          "queryKV",
          "scanKV",
          "newGid",
          "version",
          "subscribe",
          "unsubscribe");
  private static final List<String> MODES = List.of("saga", "tcc", "xa", "msg", "workflow");
  private static final List<String> METHODS =
      List.of("newGid", "prepare", "submit", "abort", "registerBranch", "nothing");
  private static final List<String> PARAMETERS =
      List.of(
          "gid",
          "limit",
          "position",
          "status",
          "transType",
          "createTimeStart",
          "createTimeEnd",
          "timeout",
          "cat",
          "key",
          "topic",
          "url",
          "remark");
  private static final List<String> MEMBERS =
      List.of(
          Keys.GID,
          Keys.TRANS_TYPE,
          Keys.STEPS,
          Keys.PAYLOADS,
          Keys.PROTOCOL,
          Keys.CUSTOM_DATA,
          Keys.WAIT_RESULT,
          Keys.TIMEOUT_TO_FAIL,
          Keys.REQUEST_TIMEOUT,
          Keys.RETRY_INTERVAL,
          Keys.RETRY_LIMIT,
          Keys.BRANCH_HEADERS,
          Keys.CONCURRENT,
          Keys.REQ_EXTRA,
          Keys.ROLLBACK_REASON,
          Keys.QUERY_PREPARED,
          Keys.BRANCH_ID,
          Keys.DATA,
          Keys.CONFIRM,
          Keys.CANCEL,
          Keys.URL,
          Keys.OP,
          Keys.STATUS,
          "Gid",
          "context");

  private static final List<String> TRACES =
      List.of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-x", "ff", " ");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void neverFailsOnAnyInput(long seed) throws Exception {
    var random = new Random(seed);
    try (var edge = new RunningEdge();
        var http = HttpClient.newHttpClient()) {
      for (int i = 0; i < REQUESTS; i++) {
        var request = request(edge, random);

        var answer = http.send(request.build(), BodyHandlers.ofString());

        assertThat(answer.statusCode())
            .as("seed %d, request %d: %s answered %s", seed, i, request.build(), answer.body())
            .isLessThan(500);
        assertThat(answer.body()).doesNotContain("Exception");
        if (i % 50 == 0) {
          assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);
        }
      }
    }
  }

  private static HttpRequest.Builder request(RunningEdge edge, Random random) {
    if (random.nextInt(5) == 0) {
      var path = "/api/dtmsvr/" + one(GETS, random) + "?" + query(random);
      return edge.request("GET", path, "");
    }
    if (random.nextInt(20) == 0) {
      var topic = URLEncoder.encode(text(random), StandardCharsets.UTF_8);
      return edge.request("DELETE", "/api/dtmsvr/topic/" + topic, "");
    }
    boolean rpc = random.nextInt(4) == 0;
    var path = rpc ? "/api/json-rpc" : "/api/dtmsvr/" + one(POSTS, random);
    var body = mutated(rpc ? rpc(random) : body(random), random);
    var request = edge.request("POST", path, "").POST(BodyPublishers.ofByteArray(body));
    return random.nextInt(5) == 0
        ? request.header("traceparent", one(TRACES, random)).header("tracestate", "a=b")
        : request;
  }

  private static String rpc(Random random) {
    if (random.nextInt(4) == 0) {
      return "[" + call(random) + "," + call(random) + "," + value(random, 2) + "]";
    }
    return call(random);
  }

  private static String call(Random random) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":%s,\"params\":%s}"
        .formatted(
            random.nextInt(5) == 0 ? value(random, 2) : "\"1\"",
            random.nextInt(9) == 0 ? value(random, 2) : quoted(one(METHODS, random)),
            random.nextInt(9) == 0 ? value(random, 0) : body(random));
  }

  private static String query(Random random) {
    var query = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      query
          .append(one(PARAMETERS, random))
          .append('=')
          .append(URLEncoder.encode(text(random), StandardCharsets.UTF_8))
          .append('&');
    }
    return query.toString();
  }

  /** A body that is well-formed and nearly right, so that the faults lie deep. */
  private static String body(Random random) {
    var body = new StringBuilder("{\"gid\":").append(quoted("g" + random.nextInt(50)));
    body.append(",\"trans_type\":").append(quoted(one(MODES, random)));
    if (random.nextBoolean()) {
      body.append(",\"branch_id\":\"01\",\"confirm\":\"http://a/1\",\"cancel\":\"a:1/b/c\"");
      body.append(
          ",\"url\":\"http://a/x\",\"op\":\"action\",\"status\":\"succeed\",\"data\":\"d\"");
    } else {
      body.append(",\"steps\":[{\"action\":\"http://a/b\"},{\"action\":\"\"}]");
      body.append(",\"payloads\":[\"1\",\"2\"],\"req_extra\":{\"status\":\"failed\"}");
      body.append(random.nextInt(3) > 0 ? "" : ",\"custom_data\":\"{\\\"name\\\":\\\"w\\\"}\"");
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      body.append(',').append(quoted(one(MEMBERS, random))).append(':').append(value(random, 0));
    }
    return body.append('}').toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 3 ? 5 : 9)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> Long.toString(random.nextLong() >> random.nextInt(64));
      case 3 ->
          one(
              List.of("1e9", "1e400", "-0", "3.0", "0.1", "1e-400", "99999999999999999999"),
              random);
      case 4 -> quoted(text(random));
      case 5 -> "[" + value(random, depth + 1) + "," + value(random, depth + 1) + "]";
      case 6 -> "{" + quoted(one(MEMBERS, random)) + ":" + value(random, depth + 1) + "}";
      case 7 -> quoted("{\"orders\":" + value(random, depth + 1) + ",\"concurrent\":true}");
      default -> quoted("{\"orders\":{\"1\":[0],\"0\":[" + random.nextInt(-1, 3) + "]}}");
    };
  }

  private static String text(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> Integer.toString(random.nextInt());
      case 2 -> "saga";
      case 3 -> "x".repeat(random.nextInt(300));
      case 4 -> "http://h:" + random.nextInt(70_000) + "/" + random.nextInt();
      case 5 -> new String(Character.toChars(random.nextInt(0xD800)));
      case 6 ->
          one(
              List.of("topic://t", "h:80/a.B/C", "\0", "\r\n", "%", "<&>", "😀", "\"", "\\", "../"),
              random);
      default -> "prepared";
    };
  }

  private static String quoted(String text) {
    return new Replies().text(text);
  }

  /** Leaves every other body as it is, and breaks the others byte by byte. */
  private static byte[] mutated(String body, Random random) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    if (random.nextBoolean()) {
      return bytes;
    }
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes = Arrays.copyOf(bytes, at);
        case 2 -> bytes[at] = (byte) "{}[]\",:\\0".charAt(random.nextInt(9));
        default -> {
          var more = Arrays.copyOf(bytes, bytes.length + bytes.length - at);
          System.arraycopy(bytes, at, more, bytes.length, bytes.length - at);
          bytes = more;
        }
      }
    }
    return bytes;
  }

  private static <T> T one(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
