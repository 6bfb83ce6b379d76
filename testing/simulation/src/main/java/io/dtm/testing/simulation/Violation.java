package io.dtm.testing.simulation;

/** A broken invariant: which one, of which transaction (empty: of none in particular), and how. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String invariant;
  private final String gid;

  Violation(String invariant, String gid, String how) {
    super(how, null, false, false);
    this.invariant = invariant;
    this.gid = gid;
  }

  public String invariant() {
    return invariant;
  }

  public String gid() {
    return gid;
  }

  @Override
  public String toString() {
    return "%s%s: %s".formatted(invariant, gid.isEmpty() ? "" : " of " + gid, getMessage());
  }
}
