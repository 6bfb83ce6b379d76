package io.dtm.testing.simulation;

/** A broken invariant: which one, of which transaction (empty: of none in particular), and how. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String invariant;
  private final String gid;
  private final String how;

  Violation(String invariant, String gid, String how) {
    super(
        "%s%s: %s".formatted(invariant, gid.isEmpty() ? "" : " of " + gid, how),
        null,
        false,
        false);
    this.invariant = invariant;
    this.gid = gid;
    this.how = how;
  }

  /**
   * One of I1 to I8; {@code promise}, {@code progress} or {@code defect} for what has no number.
   */
  public String invariant() {
    return invariant;
  }

  public String gid() {
    return gid;
  }

  String how() {
    return how;
  }
}
