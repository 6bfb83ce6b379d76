package io.dtm.client;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Paths;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The REST edge of one manager. Thread-safe. */
final class HttpTransport implements ManagerTransport {
  /** Overloaded, or a proxy's way of saying that there is nobody behind it. */
  private static final Set<Integer> ASK_ANOTHER = Set.of(429, 502, 503, 504);

  /** The longest answer: a transaction with all its branches, and what may be in their payloads. */
  static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;

  private final HttpExchange exchange;
  private final String baseUrl;
  private final Wire wire;

  HttpTransport(HttpClient http, String baseUrl, Duration requestTimeout, Wire wire) {
    this.exchange = new HttpExchange(http, requestTimeout, ANSWER_BYTES_MAX, "transaction manager");
    this.baseUrl = baseUrl;
    this.wire = wire;
  }

  @Override
  public CompletableFuture<ManagerReply> call(ManagerRequest request) {
    return exchange
        .send(httpRequest(request))
        .handle((response, failure) -> {
          if (failure != null) {
            throw unanswered(baseUrl + ": " + exchange.trouble(failure), Failures.cause(failure));
          }
          return read(response);
        });
  }

  @Override
  public String address() {
    return baseUrl + Paths.ROOT;
  }

  @Override
  public BranchProtocol protocol() {
    return BranchProtocol.HTTP;
  }

  private HttpRequest.Builder httpRequest(ManagerRequest request) {
    return switch (request.operation()) {
      case SUBMIT -> post(Paths.SUBMIT, request);
      case PREPARE -> post(Paths.PREPARE, request);
      case ABORT -> post(Paths.ABORT, request);
      case REGISTER_BRANCH -> post(Paths.REGISTER_BRANCH, request);
      case PREPARE_WORKFLOW -> post(Paths.PREPARE_WORKFLOW, request);
      case PARK_WORKFLOW -> post(Paths.PARK_WORKFLOW, request);
      case FORCE_STOP -> post(Paths.FORCE_STOP, request);
      case RETRY_NOW -> post(Paths.RESET_NEXT_CRON_TIME, request);
      case QUERY -> get(Paths.QUERY, request, Keys.GID);
      case SUBSCRIBE -> get(Paths.SUBSCRIBE, request, Keys.TOPIC, Keys.URL, Keys.REMARK);
      case UNSUBSCRIBE -> get(Paths.UNSUBSCRIBE, request, Keys.TOPIC, Keys.URL);
      case DELETE_TOPIC -> to(Paths.TOPIC + "/" + segment(request.gid())).DELETE();
    };
  }

  private HttpRequest.Builder post(String path, ManagerRequest request) {
    return to(path)
        .header("Content-Type", "application/json; charset=utf-8")
        .POST(BodyPublishers.ofString(wire.withPayloads(request)));
  }

  /** The members of the request's JSON, as parameters of the query. */
  private HttpRequest.Builder get(String path, ManagerRequest request, String... names) {
    var json = wire.object(request.json());
    var query =
        Arrays.stream(names)
            .map(name -> name + "=" + encoded(json.path(name).asText()))
            .collect(Collectors.joining("&"));
    return to(path + "?" + query).GET();
  }

  private HttpRequest.Builder to(String pathAndQuery) {
    return HttpRequest.newBuilder(URI.create(baseUrl + pathAndQuery))
        .header("Accept", "application/json");
  }

  private ManagerReply read(HttpResponse<byte[]> response) {
    var text = new String(response.body(), StandardCharsets.UTF_8);
    var reply = new Reply(baseUrl, response.statusCode(), text, wire);
    if (ASK_ANOTHER.contains(reply.status())) {
      throw unanswered(
          "%s answered %d: %s".formatted(baseUrl, reply.status(), reply.message()), null);
    }
    var isForeign = reply.json().isMissingNode() && (reply.status() < 400 || reply.status() >= 500);
    if (isForeign) {
      throw unanswered(
          "%s answered %d with '%s' (expected: JSON; is it the URL of a transaction manager?)"
              .formatted(baseUrl, reply.status(), Reply.shown(reply.text())),
          null);
    }
    return new ManagerReply(baseUrl, reply.status(), reply.text());
  }

  private static TransactionManagerUnavailable unanswered(
      String trouble, @Nullable Throwable cause) {
    return new TransactionManagerUnavailable(trouble, cause);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** A path has no plus sign for a blank. */
  private static String segment(String text) {
    return encoded(text).replace("+", "%20");
  }
}
