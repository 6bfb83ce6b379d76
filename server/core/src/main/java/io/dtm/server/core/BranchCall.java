package io.dtm.server.core;

import java.time.Duration;
import java.util.Map;

/**
 * One attempt to have a participant carry out one operation.
 *
 * @param url never empty: a branch without address is not called
 * @param headers the transaction's {@code branch_headers}
 * @param timeout after which the answer counts as unclear
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
    Duration timeout) {}
