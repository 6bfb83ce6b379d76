package io.dtm.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One operation of one branch, as the manager saw it last. A saga's step is one branch with two
 * operations.
 *
 * @param branchId {@code 01} for the first step, {@code 02} for the second, …
 * @param operation of a saga {@code action} or {@code compensate}
 * @param url where the participant is called; empty where there is nothing to call
 * @param updatedAt when the manager last wrote it down; null where the manager does not tell
 * @param finishedAt when the participant's final answer arrived; null before that
 */
public record BranchState(
    String branchId,
    String operation,
    BranchStatus status,
    String url,
    @Nullable Instant updatedAt,
    @Nullable Instant finishedAt) {}
