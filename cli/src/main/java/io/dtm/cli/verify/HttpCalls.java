package io.dtm.cli.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.protocol.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Over HTTP, with the words of the call in the query. */
final class HttpCalls implements Calls {
  private final HttpClient http;
  private final String transType;
  private final CallOptions options;

  HttpCalls(String transType, CallOptions options) {
    this.transType = transType;
    this.options = options;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.timeout())
            .build();
  }

  @Override
  public Answer call(Endpoint endpoint, String gid) {
    try {
      var reply = http.send(request(endpoint, gid), BodyHandlers.ofString());
      return Answer.of(reply.statusCode(), reply.body());
    } catch (IOException e) {
      return Answer.none(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerificationFailed("interrupted", e);
    }
  }

  private HttpRequest request(Endpoint endpoint, String gid) {
    var request = HttpRequest.newBuilder(target(endpoint, gid)).timeout(options.timeout());
    options.headers().forEach(request::setHeader);
    var payload = options.payloadOf(endpoint);
    if (payload.isEmpty() && !options.isXa()) {
      return request.GET().build();
    }
    return request
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(payload.bytes()))
        .build();
  }

  private URI target(Endpoint endpoint, String gid) {
    var url = endpoint.url();
    return URI.create(
        "%s%s%s=%s&%s=%s&%s=%s&%s=%s%s"
            .formatted(
                url,
                url.contains("?") ? "&" : "?",
                Keys.BRANCH_ID,
                CallOptions.BRANCH_ID,
                Keys.GID,
                URLEncoder.encode(gid, UTF_8),
                Keys.OP,
                endpoint.operation(),
                Keys.TRANS_TYPE,
                transType,
                options.isFirstPhase(endpoint) ? registration(url) : ""));
  }

  private String registration(String url) {
    return "&%s=%s&%s=%s"
        .formatted(
            Keys.DTM,
            URLEncoder.encode(options.manager(), UTF_8),
            Keys.PHASE2_URL,
            URLEncoder.encode(url, UTF_8));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
