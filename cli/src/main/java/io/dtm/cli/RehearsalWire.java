package io.dtm.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** One way to talk with the server. Thread-safe. */
interface RehearsalWire {
  /**
   * Sends a request and waits for its answer.
   *
   * @param route the last part of the request's path over REST
   * @throws RuntimeException when it was not accepted
   */
  void send(String route, JsonNode request);

  /** Where the server finds the participant; {@code /} and an operation follow. */
  String participant();
}
