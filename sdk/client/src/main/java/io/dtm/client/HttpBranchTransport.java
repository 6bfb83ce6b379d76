package io.dtm.client;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Results;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Calls participants over HTTP, and reads their answers by status, and by the word in {@code
 * dtm_result} where old ones answer 200 to everything. Thread-safe.
 */
final class HttpBranchTransport implements BranchTransport {
  private final HttpExchange exchange;
  private final Wire wire;

  HttpBranchTransport(HttpClient http, Duration timeout, Wire wire) {
    this.exchange = new HttpExchange(http, timeout, "participant");
    this.wire = wire;
  }

  @Override
  public CompletionStage<Payload> call(BranchCall call) {
    return exchange
        .send(httpRequest(call), BodyHandlers.ofByteArray())
        .handle((response, failure) -> {
          if (failure != null) {
            throw new BranchUnclear(
                call.address() + ": " + exchange.trouble(failure), Failures.cause(failure));
          }
          return read(call.address(), response);
        });
  }

  private static HttpRequest.Builder httpRequest(BranchCall call) {
    var request =
        HttpRequest.newBuilder(URI.create(call.request().addedTo(call.address())))
            .setHeader("Content-Type", "application/json")
            .setHeader("Accept", "application/json");
    call.headers().forEach(request::setHeader);
    var isGet = call.payload().isEmpty() && call.request().mode() != TransactionMode.XA;
    return isGet ? request.GET() : request.POST(BodyPublishers.ofByteArray(call.payload().bytes()));
  }

  private Payload read(String url, HttpResponse<byte[]> response) {
    var body = Payload.of(response.body());
    var json = wire.object(body.lenientText());
    var word = json.path(Keys.DTM_RESULT).asText();
    var message = json.path(Keys.MESSAGE).asText(Reply.shown(body.lenientText()));
    if (response.statusCode() == 409 || word.equals(Results.FAILURE)) {
      throw new BranchRefused("%s refused: %s".formatted(url, message));
    }
    if (response.statusCode() == 425 || word.equals(Results.ONGOING)) {
      throw new BranchOngoing("%s is still at work: %s".formatted(url, message));
    }
    if (response.statusCode() != 200) {
      throw new BranchUnclear(
          "%s answered %d: %s".formatted(url, response.statusCode(), message), null);
    }
    return body;
  }
}
