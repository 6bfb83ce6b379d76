package io.dtm.sdk.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** One request of the application on its way through the proxy. */
final class ApplicationPassage implements Passage<ProxyAnswer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** Headers about one connection and about the length, which are the HTTP client's own. */
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "connection",
          "content-length",
          "expect",
          "host",
          "http2-settings",
          "keep-alive",
          "transfer-encoding",
          "upgrade");

  private final HttpClient client;
  private final HttpRequest request;

  ApplicationPassage(HttpClient client, HttpExchange exchange, String target, byte[] body) {
    this.client = client;
    this.request = request(exchange, target, body);
  }

  private static HttpRequest request(HttpExchange exchange, String target, byte[] body) {
    var request =
        HttpRequest.newBuilder(URI.create(target))
            .timeout(TIMEOUT)
            .method(
                exchange.getRequestMethod(),
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> {
          if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            values.forEach(value -> request.header(name, value));
          }
        });
    return request.build();
  }

  @Override
  public ProxyAnswer deliver() {
    try {
      return ProxyAnswer.of(client.send(request, BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      return ProxyAnswer.of(502, "no answer of %s: %s".formatted(request.uri(), e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ProxyAnswer.of(502, "interrupted");
    }
  }

  @Override
  public CallAnswer meaning(ProxyAnswer answer) {
    return answer.meaning();
  }

  @Override
  public ProxyAnswer insteadOf(Fault fault) {
    return switch (fault) {
      case REFUSE -> ProxyAnswer.of(409, Injected.REFUSED);
      case ONGOING -> ProxyAnswer.of(425, "still at work (injected)");
      case NONE, ERROR, DUPLICATE -> ProxyAnswer.of(500, Injected.ERROR);
      case LATE, REPLY_LOST, TIME_OUT, CRASH_BEFORE, CRASH_AFTER ->
          ProxyAnswer.of(504, Injected.SILENCE);
    };
  }

  @Override
  public boolean isOfServer() {
    return false;
  }
}
