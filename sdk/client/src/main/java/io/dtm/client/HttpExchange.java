package io.dtm.client;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its whole answer within a time. Thread-safe. */
final class HttpExchange {
  /** Lets the JDK's own timeout, whose message is better, fire first. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private final HttpClient http;
  private final Duration timeout;
  private final String other;

  /**
   * @param other whom the requests go to, for people
   */
  HttpExchange(HttpClient http, Duration timeout, String other) {
    this.other = other;
    this.http = http;
    this.timeout = timeout;
  }

  /** The JDK's timeout ends when the head of the answer is there; this one covers its body, too. */
  <T> CompletableFuture<HttpResponse<T>> send(HttpRequest.Builder request, BodyHandler<T> body) {
    var exchange = http.sendAsync(request.timeout(timeout).build(), body);
    return exchange
        .copy()
        .orTimeout(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> {
          if (failure instanceof TimeoutException) {
            exchange.cancel(true);
          }
        });
  }

  /** In words, because the JDK's exceptions of a refused connection have no message. */
  String trouble(Throwable wrapped) {
    var failure = Failures.cause(wrapped);
    if (failure instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    if (failure instanceof HttpTimeoutException || failure instanceof TimeoutException) {
      return "no answer within %d ms".formatted(timeout.toMillis());
    }
    if (failure instanceof ConnectException) {
      return "cannot be reached (is the %s running there?)".formatted(other);
    }
    return "no answer: " + failure;
  }
}
