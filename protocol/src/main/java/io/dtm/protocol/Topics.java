package io.dtm.protocol;

/** Topics: names that stand for the addresses of all subscribers. */
public final class Topics {
  /** Starts the address of a message's step that goes to a topic. */
  public static final String PREFIX = "topic://";

  /** The category of the settings that keeps each topic's list of {@link SubscriberJson}. */
  public static final String CATEGORY = "topics";

  private Topics() {}
}
