package io.dtm.server.api.grpc;

/** What came of a change of a topic. */
public enum TopicOutcome {
  /** Done, and durable. */
  CHANGED,
  /** The address has subscribed already. Nothing was changed. */
  ALREADY_SUBSCRIBED,
  /** There is no such topic. */
  UNKNOWN_TOPIC,
  /** The topic has no subscriber that could be removed. */
  NO_SUBSCRIBERS,
  /** The address has not subscribed. */
  NOT_SUBSCRIBED,
  /** Somebody else changed the topic at the same time. Nothing was changed; worth another try. */
  LOST_RACE
}
