package io.dtm.server.branch;

import io.dtm.protocol.JsonRpc;
import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchCaller;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult;

/**
 * Gives each call to the transport that its URL and its transaction's protocol ask for. One
 * transaction may mix them. Thread-safe.
 *
 * @param http for {@code http://} and {@code https://} URLs
 * @param jsonRpc for such URLs with a {@code method}, in transactions over JSON-RPC
 * @param grpc for everything else
 */
public record BranchCallers(BranchCaller http, BranchCaller jsonRpc, BranchCaller grpc)
    implements BranchCaller {

  /** Only HTTP; calls of another kind end with a message that says so. */
  public static BranchCallers over(BranchCaller http) {
    return over(http, call -> notAvailable("JSON-RPC", call));
  }

  /** HTTP and JSON-RPC; calls over gRPC end with a message that says so. */
  public static BranchCallers over(BranchCaller http, BranchCaller jsonRpc) {
    return new BranchCallers(http, jsonRpc, call -> notAvailable("gRPC", call));
  }

  private static BranchResult notAvailable(String transport, BranchCall call) {
    return new BranchResult.Unclear(
        "%s: %s branches cannot be called by this version (expected: http:// or https://)"
            .formatted(call.url(), transport));
  }

  @Override
  public BranchResult call(BranchCall call) {
    return callerFor(call).call(call);
  }

  private BranchCaller callerFor(BranchCall call) {
    if (!BranchUrl.isHttp(call.url())) {
      return grpc; // whatever the protocol: host:port/package.Service/Method can be nothing else
    }
    return call.protocol() == BranchProtocol.JSON_RPC && call.url().contains(JsonRpc.METHOD)
        ? jsonRpc
        : http;
  }
}
