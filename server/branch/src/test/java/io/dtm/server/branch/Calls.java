package io.dtm.server.branch;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Calls in domain words. */
final class Calls {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private Calls() {}

  static BranchCall aCall(String url) {
    return aCall(url, "{\"amount\":30}");
  }

  static BranchCall aCall(String url, String payload) {
    return aCall(url, payload, TransactionMode.SAGA, Map.of(), PATIENCE);
  }

  static BranchCall aCall(
      String url,
      String payload,
      TransactionMode mode,
      Map<String, String> headers,
      Duration timeout) {
    return new BranchCall(
        new Gid("gid-1"),
        mode,
        "01",
        Operation.ACTION,
        BranchProtocol.HTTP,
        url,
        Payload.ofText(payload),
        headers,
        timeout);
  }

  static BranchCall within(BranchCall call, Duration timeout) {
    return new BranchCall(
        call.gid(),
        call.mode(),
        call.branchId(),
        call.operation(),
        call.protocol(),
        call.url(),
        call.payload(),
        call.headers(),
        timeout);
  }

  /** The same call for another transaction. */
  static BranchCall of(String gid, BranchCall call) {
    return new BranchCall(
        new Gid(gid),
        call.mode(),
        call.branchId(),
        call.operation(),
        call.protocol(),
        call.url(),
        call.payload(),
        call.headers(),
        call.timeout());
  }

  static BranchCall wantedWhile(AtomicBoolean wanted, BranchCall call) {
    return new BranchCall(
        call.gid(),
        call.mode(),
        call.branchId(),
        call.operation(),
        call.protocol(),
        call.url(),
        call.payload(),
        call.headers(),
        call.timeout(),
        wanted::get);
  }

  static BranchCall over(BranchProtocol protocol, String url) {
    var call = aCall(url);
    return new BranchCall(
        call.gid(),
        call.mode(),
        call.branchId(),
        call.operation(),
        protocol,
        url,
        call.payload(),
        call.headers(),
        call.timeout());
  }
}
