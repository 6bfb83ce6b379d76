package io.dtm.server.core;

import java.time.Instant;

/**
 * What the client asked for. It stays as it was created, but for a submit that follows a prepare
 * and may bring new options.
 *
 * @param checkBackUrl asked whether the sender's local transaction committed (message), or to
 *     resume (workflow); empty for other modes
 * @param customData the client's {@code custom_data}, word for word; {@code spec} is what we read
 *     in it
 */
public record TransactionDefinition(
    Gid gid,
    TransactionSpec spec,
    BranchProtocol protocol,
    TransactionOptions options,
    String checkBackUrl,
    String customData,
    Instant createdAt) {}
