package io.dtm.server.api.grpc;

/**
 * What the edge asks of whoever keeps the topics. Thread-safe; may block for the store, and throws
 * {@link io.dtm.server.core.StoreUnavailable} when it cannot be reached. Names and addresses are
 * never empty.
 */
public interface TopicCommands {

  /** Adds an address to a topic, which is made if need be. */
  TopicOutcome subscribe(String topic, String url, String remark);

  TopicOutcome unsubscribe(String topic, String url);

  /** Deletes a topic with all its subscriptions. */
  TopicOutcome delete(String topic);
}
