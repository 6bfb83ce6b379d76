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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Calls a participant as a manager does. */
final class Participant implements AutoCloseable {
  private static final String BRANCH_ID = "01";

  private final HttpClient http;
  private final String transType;
  private final CallOptions options;

  Participant(String transType, CallOptions options) {
    this.transType = transType;
    this.options = options;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(options.timeout())
            .build();
  }

  /**
   * What every call has.
   *
   * @param payload body of every call; empty for none, which makes it a GET
   */
  public record CallOptions(String payload, Map<String, String> headers, Duration timeout) {
    public CallOptions {
      headers = Map.copyOf(headers);
    }
  }

  Answer call(Endpoint endpoint, String gid) {
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
    if (options.payload().isEmpty()) {
      return request.GET().build();
    }
    return request
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(options.payload()))
        .build();
  }

  private URI target(Endpoint endpoint, String gid) {
    var url = endpoint.url();
    return URI.create(
        "%s%s%s=%s&%s=%s&%s=%s&%s=%s"
            .formatted(
                url,
                url.contains("?") ? "&" : "?",
                Keys.BRANCH_ID,
                BRANCH_ID,
                Keys.GID,
                URLEncoder.encode(gid, UTF_8),
                Keys.OP,
                endpoint.operation(),
                Keys.TRANS_TYPE,
                transType));
  }

  /** Makes all of these calls in the same moment, each from a thread of its own. */
  List<Answer> callAtOnce(List<Endpoint> endpoints, String gid) {
    var ready = new CountDownLatch(endpoints.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls =
          endpoints.stream()
              .<Callable<Answer>>map(endpoint ->
                  () -> {
                    ready.countDown();
                    ready.await();
                    return call(endpoint, gid);
                  })
              .map(threads::submit)
              .toList();
      var answers = new ArrayList<Answer>();
      for (var call : calls) {
        answers.add(call.get());
      }
      return answers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerificationFailed("interrupted", e);
    } catch (ExecutionException e) {
      throw new VerificationFailed("a call broke: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
