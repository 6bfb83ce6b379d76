package io.dtm.server.api;

import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.dtm.protocol.JsonRpc;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request over JSON-RPC, its parameters not yet read. Absent texts are empty.
 *
 * @param params null when there are none
 * @param fault why it is no request at all; null when it is one
 */
record JsonRpcRequest(
    String version,
    String id,
    String method,
    @Nullable TokenBuffer params,
    @Nullable String fault) {

  /** What breaks the rules of the protocol. That ids are never empty is a rule of ours. */
  Optional<String> complaint() {
    if (fault != null) {
      return Optional.of(fault);
    }
    if (!version.equals(JsonRpc.VERSION)) {
      return Optional.of(complaint(JsonRpc.JSONRPC, version, "\"" + JsonRpc.VERSION + "\""));
    }
    return id.isEmpty()
        ? Optional.of(complaint(JsonRpc.ID, id, "a string that is not empty"))
        : Optional.empty();
  }

  private static String complaint(String field, String value, String expected) {
    return InvalidRequest.of(field, value.isEmpty() ? "missing" : value, expected).explanation();
  }
}
