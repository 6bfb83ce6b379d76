package io.dtm.client;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Results;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Calls participants over HTTP, and reads their answers as a manager does: by status, and by words
 * in the body, where old ones answer 200 to everything. Thread-safe.
 */
final class HttpBranchTransport implements BranchTransport {
  /** The longest answer of a participant. */
  static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

  /** Headers that describe the message itself; set by whoever sends it. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /** What may stand in a URL as it is, besides letters and digits. */
  private static final String URL_SIGNS = "-_.~:/?#[]@!$&'()*+,;=%";

  private final HttpExchange exchange;
  private final Wire wire;

  HttpBranchTransport(HttpClient http, Duration timeout, Wire wire) {
    this.exchange = new HttpExchange(http, timeout, ANSWER_BYTES_MAX, "participant");
    this.wire = wire;
  }

  @Override
  public CompletionStage<Payload> call(BranchCall call) {
    var address = Arguments.shown(call.address());
    HttpRequest.Builder request;
    try {
      request = httpRequest(call);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedFuture(
          new BranchUnclear(
              "%s: not to be called over HTTP (expected: such as http://10.0.0.7:8080/debit)"
                  .formatted(address),
              e));
    }
    return exchange
        .send(request)
        .handle((response, failure) -> {
          if (failure != null) {
            throw new BranchUnclear(
                address + ": " + exchange.trouble(failure), Failures.cause(failure));
          }
          return read(address, response);
        });
  }

  private static HttpRequest.Builder httpRequest(BranchCall call) {
    var request =
        HttpRequest.newBuilder(URI.create(legal(call.request().addedTo(call.address()))))
            .setHeader("Content-Type", "application/json")
            .setHeader("Accept", "application/json");
    call.headers()
        .forEach((name, value) -> {
          if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            request.setHeader(name, value);
          }
        });
    var isGet = call.payload().isEmpty() && call.request().mode() != TransactionMode.XA;
    return isGet ? request.GET() : request.POST(BodyPublishers.ofByteArray(call.payload().bytes()));
  }

  /**
   * With what must not stand in a URL escaped, as managers do: braces, letters of all languages.
   */
  private static String legal(String url) {
    var escaped = new StringBuilder(url.length());
    url.codePoints()
        .forEach(c -> {
          if ((c < 128 && Character.isLetterOrDigit(c)) || URL_SIGNS.indexOf(c) >= 0) {
            escaped.appendCodePoint(c);
            return;
          }
          for (var one : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
            escaped.append("%%%02X".formatted(one));
          }
        });
    return escaped.toString();
  }

  /** Whoever is still at work is heard before one that refuses. */
  private Payload read(String address, HttpResponse<byte[]> response) {
    var body = Payload.of(response.body());
    var text = body.lenientText();
    if (response.statusCode() == 425 || text.contains(Results.ONGOING)) {
      throw new BranchOngoing("%s is still at work: %s".formatted(address, message(text)));
    }
    if (response.statusCode() == 409 || text.contains(Results.FAILURE)) {
      throw new BranchRefused("%s refused: %s".formatted(address, message(text)));
    }
    if (response.statusCode() != 200) {
      throw new BranchUnclear(
          "%s answered %d: %s".formatted(address, response.statusCode(), message(text)), null);
    }
    return body;
  }

  private String message(String text) {
    return wire.object(text).path(Keys.MESSAGE).asText(Reply.shown(text));
  }
}
