package io.dtm.examples.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Messages of two phases at a transaction manager, as they are on the wire. Thread-safe. */
final class Messages {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final HttpClient http = HttpClient.newHttpClient();
  private final JsonMapper json = new JsonMapper();
  private final URI manager;

  Messages(URI manager) {
    this.manager = manager;
  }

  /**
   * A message for one receiver.
   *
   * @param checkBack where the manager asks whether the sender has committed, should it not hear
   */
  record Message(String gid, String receiver, Map<String, ?> payload, String checkBack) {}

  /** The manager keeps the message, and delivers nothing yet. */
  void prepare(Message message) {
    post("prepare", message);
  }

  /** The sender has committed: the manager delivers until the receiver says that it is done. */
  void submit(Message message) {
    post("submit", message);
  }

  private void post(String command, Message message) {
    var request =
        HttpRequest.newBuilder(manager.resolve("/api/dtmsvr/" + command))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body(message)))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            "%s: %d %s (expected: 200)".formatted(command, response.statusCode(), response.body()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + command, e);
    }
  }

  private String body(Message message) {
    try {
      return json.writeValueAsString(
          Map.of(
              "gid", message.gid(),
              "trans_type", "msg",
              "steps", List.of(Map.of("action", message.receiver())),
              "payloads", List.of(json.writeValueAsString(message.payload())),
              "query_prepared", message.checkBack()));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("payload: not to be written as JSON", e);
    }
  }
}
