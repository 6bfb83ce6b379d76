package io.dtm.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The managers that share one store, of which any may be asked. A request goes to the one that
 * answered last; to the next when that one is unreachable, silent, overloaded or no manager at all;
 * and to each once at most. That is safe for commands too, for each carries its gid: a manager that
 * gets it a second time goes on with the transaction that is there. Thread-safe.
 */
final class FailoverTransport {
  /** Overloaded, or a proxy's way of saying that there is nobody behind it. */
  private static final Set<Integer> ASK_ANOTHER = Set.of(429, 502, 503, 504);

  /** Lets the JDK's own timeout, whose message is better, fire first. */
  private static final Duration TIMEOUT_GRACE = Duration.ofMillis(100);

  private final HttpClient http;
  private final List<String> baseUrls;
  private final Duration requestTimeout;
  private final Wire wire;
  private final AtomicInteger preferred = new AtomicInteger();

  FailoverTransport(HttpClient http, List<String> baseUrls, Duration requestTimeout, Wire wire) {
    this.http = http;
    this.baseUrls = List.copyOf(baseUrls);
    this.requestTimeout = requestTimeout;
    this.wire = wire;
  }

  /**
   * Completes with what a living manager answered, or with {@link TransactionManagerUnavailable}.
   */
  CompletableFuture<Reply> get(String pathAndQuery) {
    return ask(pathAndQuery, HttpRequest.newBuilder().GET());
  }

  /** As {@link #get}. */
  CompletableFuture<Reply> post(String path, String json) {
    return ask(
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(BodyPublishers.ofString(json)));
  }

  private CompletableFuture<Reply> ask(String pathAndQuery, HttpRequest.Builder request) {
    request.timeout(requestTimeout).header("Accept", "application/json");
    return ask(pathAndQuery, request, preferred.get(), List.of());
  }

  private CompletableFuture<Reply> ask(
      String pathAndQuery, HttpRequest.Builder request, int first, List<Throwable> troubles) {
    var index = (first + troubles.size()) % baseUrls.size();
    var baseUrl = baseUrls.get(index);
    return send(request.copy().uri(URI.create(baseUrl + pathAndQuery)).build())
        .handle((response, failure) -> {
          if (failure != null) {
            throw unanswered(baseUrl, cause(failure));
          }
          var reply = read(baseUrl, response);
          preferred.set(index);
          return reply;
        })
        .exceptionallyCompose(failure -> {
          var sofar = Stream.concat(troubles.stream(), Stream.of(cause(failure))).toList();
          return sofar.size() < baseUrls.size()
              ? ask(pathAndQuery, request, first, sofar)
              : CompletableFuture.failedFuture(combined(sofar));
        });
  }

  /** The JDK's timeout ends when the head of the answer is there; this one covers its body, too. */
  private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
    var exchange = http.sendAsync(request, BodyHandlers.ofString());
    return exchange
        .copy()
        .orTimeout(requestTimeout.plus(TIMEOUT_GRACE).toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> {
          if (failure instanceof TimeoutException) {
            exchange.cancel(true);
          }
        });
  }

  private Reply read(String baseUrl, HttpResponse<String> response) {
    var status = response.statusCode();
    var reply = new Reply(baseUrl, status, response.body(), wire.object(response.body()));
    if (ASK_ANOTHER.contains(status)) {
      throw unanswered("%s answered %d: %s".formatted(baseUrl, status, reply.message()));
    }
    var isForeign = reply.json().isMissingNode() && (status < 400 || status >= 500);
    if (isForeign) {
      throw unanswered(
          "%s answered %d with '%s' (expected: JSON; is it the URL of a transaction manager?)"
              .formatted(baseUrl, status, Reply.shown(reply.text())));
    }
    return reply;
  }

  private TransactionManagerUnavailable unanswered(String baseUrl, Throwable failure) {
    return new TransactionManagerUnavailable(baseUrl + ": " + trouble(failure), failure);
  }

  private static TransactionManagerUnavailable unanswered(String trouble) {
    return new TransactionManagerUnavailable(trouble, null);
  }

  /** In words, because the JDK's exceptions of a refused connection have no message. */
  private String trouble(Throwable failure) {
    if (failure instanceof HttpConnectTimeoutException) {
      return "no connection in time";
    }
    if (failure instanceof HttpTimeoutException || failure instanceof TimeoutException) {
      return "no answer within %d ms".formatted(requestTimeout.toMillis());
    }
    if (failure instanceof ConnectException) {
      return "cannot be reached (is the transaction manager running there?)";
    }
    return "no answer: " + failure;
  }

  private static Throwable combined(List<Throwable> troubles) {
    if (troubles.size() == 1) {
      return troubles.get(0);
    }
    var message = troubles.stream().map(Throwable::getMessage).collect(Collectors.joining("; "));
    var all = new TransactionManagerUnavailable(message, troubles.get(0));
    troubles.stream().skip(1).forEach(all::addSuppressed);
    return all;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
