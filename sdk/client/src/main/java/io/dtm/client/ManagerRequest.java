package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * One request to a manager, in the JSON of the wire, whatever carries it.
 *
 * @param gid the transaction that it is about; of an operation on topics, the topic
 * @param json the body as the REST edge takes it, without {@code payloads} and {@code data}; an
 *     object, whatever the operation
 * @param payloads one for each step, in the same order; of {@link
 *     ManagerOperation#REGISTER_BRANCH}, none or that of the branch
 */
public record ManagerRequest(
    ManagerOperation operation, String gid, String json, List<Payload> payloads) {

  public ManagerRequest {
    requireNonNull(operation, "operation");
    requireNonNull(gid, "gid");
    requireNonNull(json, "json");
    payloads = List.copyOf(payloads);
  }

  /** Without the JSON: it holds headers for participants, which may be secret. */
  @Override
  public final String toString() {
    return "ManagerRequest[%s %s, %d payloads]".formatted(operation, gid, payloads.size());
  }
}
