package io.dtm.server.transfer;

import io.dtm.server.core.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One operation of one branch in the words of the reference, not yet checked. */
public record ReferenceBranch(
    String branchId, String op, String status, String url, Payload binData, Times times) {

  /** When it came and when it ended. */
  public record Times(
      @Nullable Instant createTime, @Nullable Instant updateTime, @Nullable Instant finishTime) {}
}
