package io.dtm.server.engine;

import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;

/**
 * A branch that a client adds to a prepared transaction.
 *
 * @param status what is known of it: a TCC or XA branch is still to be called, a workflow's step
 *     comes with its end
 */
public record NewBranch(
    String branchId, Operation operation, String url, Payload payload, BranchStatus status) {}
