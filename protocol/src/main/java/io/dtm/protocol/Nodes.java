package io.dtm.protocol;

/** The servers that share a store. */
public final class Nodes {
  /**
   * The category of the settings in which each server keeps a {@link NodeJson}. It is no setting of
   * anybody's: listings of all categories leave it out.
   */
  public static final String CATEGORY = "nodes";

  private Nodes() {}
}
