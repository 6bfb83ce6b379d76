package io.dtm.sdk.testing;

import com.sun.net.httpserver.HttpExchange;
import io.dtm.protocol.Results;
import io.dtm.sdk.testing.CallAnswer.Kind;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An answer that the proxy passes on, or gives itself. */
final class ProxyAnswer {
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int TOO_EARLY = 425;

  /** Headers about one connection and about the length, which are the proxy's own. */
  private static final Set<String> OWN_HEADERS =
      Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "date");

  private final int status;
  private final Map<String, List<String>> headers;
  private final byte[] body;

  private ProxyAnswer(int status, Map<String, List<String>> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  static ProxyAnswer of(int status, String text) {
    return new ProxyAnswer(
        status,
        Map.of("Content-Type", List.of("text/plain; charset=utf-8")),
        text.getBytes(StandardCharsets.UTF_8));
  }

  static ProxyAnswer of(HttpResponse<byte[]> response) {
    return new ProxyAnswer(response.statusCode(), response.headers().map(), response.body());
  }

  /** By the rules that all clients of the protocol know. */
  CallAnswer meaning() {
    var text = new String(body, StandardCharsets.UTF_8);
    if (status == TOO_EARLY || text.contains(Results.ONGOING)) {
      return new CallAnswer(Kind.ONGOING, "");
    }
    if (status == CONFLICT || text.contains(Results.FAILURE)) {
      return new CallAnswer(Kind.REFUSED, text);
    }
    return status == OK
        ? new CallAnswer(Kind.DONE, "")
        : new CallAnswer(Kind.UNCLEAR, "HTTP %d: %s".formatted(status, text));
  }

  void write(HttpExchange exchange) throws IOException {
    headers.forEach((name, values) -> {
      if (!name.startsWith(":") && !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
        exchange.getResponseHeaders().put(name, values);
      }
    });
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
