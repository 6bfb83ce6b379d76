package io.dtm.cli.verify;

import io.dtm.client.Payload;
import io.dtm.protocol.Operations;
import java.time.Duration;
import java.util.Map;

/**
 * What every call has.
 *
 * @param payload body of every call; empty for none, which makes it a GET over HTTP
 * @param manager of a branch of XA, which registers there; else empty
 */
record CallOptions(Payload payload, Map<String, String> headers, Duration timeout, String manager) {
  /** The one branch that each transaction of a verification has. */
  static final String BRANCH_ID = "01";

  CallOptions {
    headers = Map.copyOf(headers);
  }

  boolean isXa() {
    return !manager.isEmpty();
  }

  /** The second phase of XA has none. */
  Payload payloadOf(Endpoint endpoint) {
    return isXa() && !isFirstPhase(endpoint) ? Payload.empty() : payload;
  }

  /** Whether the call says where to register, and for what. */
  boolean isFirstPhase(Endpoint endpoint) {
    return isXa() && endpoint.operation().equals(Operations.ACTION);
  }
}
