package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dtm.protocol.Messages;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Valid requests of every route with a few things wrong in them: each is answered in time,
 * complaints say what is wrong, what is refused changes nothing, and the edge serves others
 * afterwards. A failing case can be repeated by its seed. More of them: the system properties
 * {@code dtm.fuzz.seeds} and {@code dtm.fuzz.requests}.
 */
@Timeout(3_600)
class MutatedRequestsTest {
  private static final int REQUESTS = Integer.getInteger("dtm.fuzz.requests", 600);
  private static final int RANDOM_SEEDS = Integer.getInteger("dtm.fuzz.seeds", 1);

  /** So that a look at all that is stored stays cheap. */
  private static final int REQUESTS_PER_EDGE = 150;

  private static final Pattern COMPLAINT = Pattern.compile("(?s).+: .*\\(expected: .+\\).*");

  /** Texts that clients know by heart. */
  private static final Set<String> KNOWN =
      Set.of(
          Messages.UNKNOWN_TRANS_TYPE, Messages.EMPTY_TOPIC, Messages.EMPTY_URL, Messages.NO_GID);

  private static final List<String> STEPS =
      List.of(
          """
          {"action":"http://s/a","compensate":"http://s/c"}\
          """,
          """
          {"action":"http://s/b","compensate":""}\
          """);

  private static final String OPTIONS =
      """
      ,"wait_result":true,"timeout_to_fail":35,"request_timeout":3,"retry_interval":10,
      "retry_limit":3,"branch_headers":{"x-a":"b"},"protocol":"http"}\
      """;

  private static final List<String> TRANSACTIONS =
      List.of(
          """
          {"gid":"G","trans_type":"saga","steps":%s,"payloads":["{}","{}"],
          "custom_data":"{\\"orders\\":{\\"1\\":[0]},\\"concurrent\\":true}"%s\
          """
              .formatted(STEPS, OPTIONS),
          """
          {"gid":"G","trans_type":"msg","steps":%s,"payloads":["1","2"],
          "query_prepared":"http://s/q","custom_data":"{\\"delay\\":0}"%s\
          """
              .formatted(STEPS, OPTIONS),
          """
          {"gid":"G","trans_type":"tcc"%s\
          """
              .formatted(OPTIONS),
          """
          {"gid":"G","trans_type":"xa","rollback_reason":"r"%s\
          """
              .formatted(OPTIONS),
          """
          {"gid":"G","trans_type":"workflow","query_prepared":"http://s/q",
          "req_extra":{"status":"succeed","result":"r","rollback_reason":""},
          "custom_data":"{\\"name\\":\\"n\\",\\"data\\":\\"ZA==\\"}"%s\
          """
              .formatted(OPTIONS));

  private static final List<String> REGISTRATIONS =
      List.of(
          """
          {"gid":"G","trans_type":"tcc","branch_id":"01","confirm":"http://s/c",
          "cancel":"http://s/x","data":"d"}\
          """,
          """
          {"gid":"G","trans_type":"xa","branch_id":"01","url":"http://s/x"}\
          """,
          """
          {"gid":"G","trans_type":"workflow","branch_id":"01","op":"action","status":"succeed",
          "data":"d"}\
          """);

  private static final List<String> TRANSACTION_ROUTES =
      List.of("submit", "prepare", "abort", "forceStop", "resetNextCronTime", "prepareWorkflow");
  private static final List<String> REGISTRATION_ROUTES =
      List.of("registerBranch", "registerTccBranch", "registerXaBranch");
  private static final List<String> QUESTIONS =
      List.of(
          "query?gid=G",
          "all?limit=10&position=&status=succeed&transType=saga&createTimeStart=0",
          "resetCronTime?timeout=3&limit=5",
          "queryKV?cat=topics&key=t",
          "scanKV?cat=topics&limit=5&position=",
          "subscribe?topic=t&url=http://s/u&remark=r",
          "unsubscribe?topic=t&url=http://s/u",
          "newGid?a=b",
          "version?a=b");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "-1",
          "1e9",
          "99999999999999999999",
          "%00",
          "\0",
          "😀",
          "\uD800",
          "a b",
          "<&>",
          "x".repeat(2_000),
          "saga",
          "../..",
          "http://h:0",
          "topic://t");

  private static final ObjectMapper JSON = new ObjectMapper();

  static LongStream seeds() {
    return LongStream.concat(
        LongStream.of(1, 2), LongStream.generate(System::nanoTime).limit(RANDOM_SEEDS));
  }

  /** All that a request could have changed. */
  private record Contents(List<GlobalTransaction> transactions, List<KeyValueStore.Entry> entries) {
    static Contents of(RunningEdge edge) {
      edge.awaitQuiet();
      return new Contents(edge.stored(), edge.keyValues.listEntries("", "", 1_000).entries());
    }
  }

  /** A request, and how an answer says that it was refused. */
  private record Request(String method, String path, String body) {
    boolean isRpc() {
      return path.endsWith("json-rpc");
    }

    boolean isRefusedBy(HttpResponse<String> answer) {
      return answer.statusCode() != 200
          || (isRpc() && answer.body().startsWith("{") && answer.body().contains("\"error\":{"));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void mutatedRequestsAreAnsweredInOrder(long seed) throws Exception {
    System.out.printf("MutatedRequestsTest: seed %d, %d requests%n", seed, REQUESTS);
    var random = new Random(seed);
    for (int done = 0; done < REQUESTS; done += REQUESTS_PER_EDGE) {
      try (var edge = new RunningEdge()) {
        for (int i = done; i < Math.min(REQUESTS, done + REQUESTS_PER_EDGE); i++) {
          check(edge, request(random), "seed %d, request %d".formatted(seed, i));
        }
        assertThat(edge.get("/api/ping").statusCode()).isEqualTo(200);
        assertThat(edge.post("/api/dtmsvr/submit", SagaBody.waitedSaga("last", 2)).statusCode())
            .isEqualTo(200);
      }
    }
  }

  private static void check(RunningEdge edge, Request request, String what) {
    var before = Contents.of(edge);

    var answer =
        edge.exchange(
            edge.request(request.method(), request.path(), "")
                .method(
                    request.method(),
                    BodyPublishers.ofString(request.body(), StandardCharsets.UTF_8))
                .build());

    assertThat(answer.statusCode())
        .as("%s: %s answered %s", what, request, answer.body())
        .isIn(200, 301, 307, 400, 404, 409, 413, 425);
    assertThat(answer.body())
        .as("%s: %s", what, request)
        .doesNotContain("internal error", "Exception");
    if (request.isRefusedBy(answer)) {
      assertThat(Contents.of(edge)).as("%s: %s", what, request).isEqualTo(before);
    }
    if (answer.statusCode() == 400 && !request.isRpc()) {
      assertThat(isClear(answer.body()))
          .as("%s: %s answered %s", what, request, answer.body())
          .isTrue();
    }
  }

  private static boolean isClear(String body) {
    try {
      var message = JSON.readTree(body).path("message").asText();
      return KNOWN.contains(message) || COMPLAINT.matcher(message).matches();
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Request request(Random random) throws Exception {
    return switch (random.nextInt(6)) {
      case 0 -> question(random);
      case 1 -> rpc(random);
      case 2 ->
          post(
              one(REGISTRATION_ROUTES, random),
              document(one(REGISTRATIONS, random), random),
              random);
      default ->
          post(
              one(TRANSACTION_ROUTES, random), document(one(TRANSACTIONS, random), random), random);
    };
  }

  private static Request post(String route, JsonNode document, Random random) {
    return new Request("POST", "/api/dtmsvr/" + route, JsonMutations.of(document, random));
  }

  /** A few gids only, so that requests meet what earlier ones have left. */
  private static JsonNode document(String text, Random random) throws Exception {
    return JSON.readTree(text.replace("\"G\"", "\"g" + random.nextInt(12) + "\""));
  }

  private static Request rpc(Random random) throws Exception {
    var calls = new ArrayList<String>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      boolean isRegistration = random.nextInt(4) == 0;
      var method =
          isRegistration
              ? "registerBranch"
              : one(List.of("newGid", "prepare", "submit", "abort"), random);
      var params = document(one(isRegistration ? REGISTRATIONS : TRANSACTIONS, random), random);
      calls.add(
          "{\"jsonrpc\":\"2.0\",\"id\":\"%d\",\"method\":\"%s\",\"params\":%s}"
              .formatted(i, method, params));
    }
    var document = JSON.readTree(calls.size() == 1 ? calls.getFirst() : calls.toString());
    return new Request("POST", "/api/json-rpc", JsonMutations.of(document, random));
  }

  private static Request question(Random random) {
    var parts = one(QUESTIONS, random).split("[?&]", -1);
    var path = new StringBuilder("/api/dtmsvr/").append(parts[0]).append('?');
    for (int i = 1; i < parts.length; i++) {
      var name = parts[i].substring(0, parts[i].indexOf('='));
      var value =
          random.nextInt(3) == 0
              ? URLEncoder.encode(one(TEXTS, random), StandardCharsets.UTF_8)
              : parts[i].substring(name.length() + 1);
      Stream.of(name, "=", value, "&").limit(random.nextInt(10) == 0 ? 1 : 4).forEach(path::append);
    }
    return new Request("GET", path.toString(), "");
  }

  private static <T> T one(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }
}
