package io.dtm.cli.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Where a participant's state is read: a GET that answers with JSON, or with any text. */
final class StateSource {
  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = JsonMapper.builder().build();
  private final URI url;
  private final Duration timeout;

  StateSource(String url, Duration timeout) {
    this.url = URI.create(url);
    this.timeout = timeout;
  }

  State read() {
    try {
      var request = HttpRequest.newBuilder(url).timeout(timeout).GET().build();
      var reply = http.send(request, BodyHandlers.ofString());
      if (reply.statusCode() != 200) {
        throw new VerificationFailed(
            "--state %s: HTTP %d (expected: 200)".formatted(url, reply.statusCode()));
      }
      return parsed(reply.body());
    } catch (IOException e) {
      throw new VerificationFailed("--state %s: no answer: %s".formatted(url, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerificationFailed("interrupted", e);
    }
  }

  private State parsed(String body) {
    try {
      return State.of(json.readTree(body));
    } catch (JsonProcessingException e) {
      return State.of(TextNode.valueOf(body));
    }
  }
}
