package io.dtm.server.core;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * One attempt to have a participant carry out one operation.
 *
 * @param url never empty: a branch without address is not called
 * @param headers the transaction's {@code branch_headers}
 * @param timeout after which the answer counts as unclear
 * @param mayBegin asked by callers, after all waiting and right before anything is sent: false once
 *     the transaction was stopped meanwhile. Quick, and safe on any thread.
 */
public record BranchCall(
    Gid gid,
    TransactionMode mode,
    String branchId,
    Operation operation,
    BranchProtocol protocol,
    String url,
    Payload payload,
    Map<String, String> headers,
    Duration timeout,
    BooleanSupplier mayBegin) {

  /** A call that nobody takes back. */
  public BranchCall(
      Gid gid,
      TransactionMode mode,
      String branchId,
      Operation operation,
      BranchProtocol protocol,
      String url,
      Payload payload,
      Map<String, String> headers,
      Duration timeout) {
    this(gid, mode, branchId, operation, protocol, url, payload, headers, timeout, () -> true);
  }

  /** The same call of another address. */
  public BranchCall withUrl(String other) {
    return new BranchCall(
        gid, mode, branchId, operation, protocol, other, payload, headers, timeout, mayBegin);
  }
}
