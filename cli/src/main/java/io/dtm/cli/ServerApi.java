package io.dtm.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dtm.protocol.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Speaks with a running server over its REST API. */
final class ServerApi implements AutoCloseable {
  static final String URL_DEFAULT = "http://127.0.0.1:36789";

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

  private final String url;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  private final JsonMapper json = JsonMapper.builder().build();

  /** The server did not do what it was asked to; the message says why, for whoever typed it. */
  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(String message) {
      super(message);
    }

    Failed(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * @throws IllegalArgumentException when it is no address of a server
   */
  ServerApi(String url) {
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new IllegalArgumentException("%s (expected: http://host:port)".formatted(url));
    }
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    URI.create(this.url);
  }

  JsonNode get(String pathAndQuery) {
    return answer(HttpRequest.newBuilder(URI.create(url + pathAndQuery)).GET());
  }

  JsonNode post(String path, Object body) {
    try {
      return answer(
          HttpRequest.newBuilder(URI.create(url + path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
    } catch (IOException e) {
      throw new IllegalStateException("a request that is no JSON: " + body, e);
    }
  }

  private JsonNode answer(HttpRequest.Builder request) {
    try {
      var answer = http.send(request.timeout(REQUEST_TIMEOUT).build(), BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new Failed(
            "%s: %s (HTTP %d)".formatted(url, message(answer.body()), answer.statusCode()));
      }
      return json.readTree(answer.body());
    } catch (IOException e) {
      throw new Failed("%s: no answer: %s".formatted(url, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failed("%s: interrupted".formatted(url), e);
    }
  }

  private String message(byte[] body) {
    try {
      return json.readTree(body).path(Keys.MESSAGE).asText("no reason given");
    } catch (IOException e) {
      return "not a server of ours";
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
