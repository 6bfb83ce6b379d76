package io.dtm.client;

import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its whole answer within a time and a length. Thread-safe. */
final class HttpExchange {
  /** Lets the JDK's own timeout, whose message is better, fire first. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private final HttpClient http;
  private final Duration timeout;
  private final int bytesMax;
  private final String other;

  /**
   * @param bytesMax the longest answer
   * @param other whom the requests go to, for people
   */
  HttpExchange(HttpClient http, Duration timeout, int bytesMax, String other) {
    this.http = http;
    this.timeout = timeout;
    this.bytesMax = bytesMax;
    this.other = other;
  }

  /** The JDK's timeout ends when the head of the answer is there; this one covers its body, too. */
  CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request) {
    var exchange =
        http.sendAsync(request.timeout(timeout).build(), head -> new LimitedBody(bytesMax));
    var answer = exchange.copy();
    var timer =
        new CompletableFuture<Boolean>()
            .orTimeout(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    // Not on the thread that keeps the time: what depends on the answer runs where this does, and
    // could hold up every other timeout of the JVM.
    var unused =
        timer.exceptionallyAsync(late -> {
          answer.completeExceptionally(late);
          return exchange.cancel(true);
        });
    return answer.whenComplete((response, failure) -> timer.complete(true));
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
    return failure instanceof LimitedBody.TooLong tooLong
        ? String.valueOf(tooLong.getMessage())
        : "no answer: " + failure;
  }
}
