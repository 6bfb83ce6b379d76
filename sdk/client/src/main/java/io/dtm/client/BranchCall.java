package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * A call of a participant by the one who drives the transaction: a try, an XA branch's action, the
 * check-back of a message.
 *
 * @param address where, as the manager would call it
 * @param request which branch, and what is asked of it
 * @param headers added to the call
 */
public record BranchCall(
    String address, BranchRequest request, Payload payload, Map<String, String> headers) {

  public BranchCall {
    requireNonNull(address, "address");
    requireNonNull(request, "request");
    requireNonNull(payload, "payload");
    headers = Map.copyOf(headers);
  }

  /** Without what may be secret: headers by their names, the address without its query. */
  @Override
  public final String toString() {
    return "BranchCall[%s, %s, %s, headers %s]"
        .formatted(Arguments.shown(address), request, payload, headers.keySet());
  }
}
