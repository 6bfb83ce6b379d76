package io.dtm.server.transfer;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction in the words of the reference, not yet checked. A text that is not there is empty.
 *
 * @param options the client's options in JSON
 * @param customData what is particular to the mode, in JSON
 * @param branches in the order of their creation
 */
public record ReferenceTransaction(
    String gid,
    String transType,
    String status,
    String protocol,
    String queryPrepared,
    String options,
    String customData,
    Outcome outcome,
    Times times,
    List<ReferenceBranch> branches) {
  public ReferenceTransaction {
    branches = List.copyOf(branches);
  }

  ReferenceTransaction withBranches(List<ReferenceBranch> found) {
    return new ReferenceTransaction(
        gid,
        transType,
        status,
        protocol,
        queryPrepared,
        options,
        customData,
        outcome,
        times,
        found);
  }

  /** What came of it so far. */
  public record Outcome(String rollbackReason, String result) {}

  /**
   * When it was and will be worked on.
   *
   * @param nextCronInterval in seconds; 0 when it is not there
   */
  public record Times(
      @Nullable Instant createTime,
      @Nullable Instant updateTime,
      @Nullable Instant nextCronTime,
      long nextCronInterval) {}
}
