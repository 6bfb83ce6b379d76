package io.dtm.protocol;

/** Topics: names that stand for the addresses of all subscribers. */
public final class Topics {
  /** Starts the address of a message's step that goes to a topic. */
  public static final String PREFIX = "topic://";

  private Topics() {}
}
