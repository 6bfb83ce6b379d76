package io.dtm.interop.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the server answered to a command, whatever the wire.
 *
 * @param code HTTP's status; of the other wires the HTTP status that means the same
 * @param body empty over gRPC
 */
record Reply(int code, String message, JsonNode body) {
  boolean succeeded() {
    return code == 200;
  }
}
