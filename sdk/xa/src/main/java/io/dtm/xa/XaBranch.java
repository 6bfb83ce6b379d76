package io.dtm.xa;

import io.dtm.barrier.BarrierMark;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One branch of an XA transaction, and what the database knows it by. */
public record XaBranch(String gid, String branchId) {
  private static final String BARRIER_ID = "01";

  /** Branch ids are pairs of digits, so the last hyphen parts them from the gid. */
  private static final Pattern XID = Pattern.compile("(.{1,128})-((?:[0-9]{2}){1,64})");

  public XaBranch {
    var unused = mark(gid, branchId, Operations.ACTION);
  }

  /**
   * The branch of a call as it arrives.
   *
   * @param parameters the query of the URL, or the metadata without their prefix {@code dtm-}
   * @throws IllegalArgumentException when the gid or the branch is missing
   */
  public static XaBranch from(Map<String, String> parameters) {
    return new XaBranch(
        parameters.getOrDefault(Keys.GID, ""), parameters.getOrDefault(Keys.BRANCH_ID, ""));
  }

  /** The branch that bears this name; empty when the name is not of our making. */
  static Optional<XaBranch> named(String xid) {
    var parts = XID.matcher(xid);
    return parts.matches()
        ? Optional.of(new XaBranch(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  /** Its name in the database. */
  public String xid() {
    return gid + "-" + branchId;
  }

  /**
   * Set by whichever comes first: the action, as part of its branch, or a rollback instead of it.
   */
  BarrierMark mark(String reason) {
    return mark(gid, branchId, reason);
  }

  private static BarrierMark mark(String gid, String branchId, String reason) {
    return new BarrierMark(TransTypes.XA, gid, branchId, Operations.ACTION, BARRIER_ID, reason);
  }

  @Override
  public String toString() {
    return "xa %s, branch %s".formatted(gid, branchId);
  }
}
