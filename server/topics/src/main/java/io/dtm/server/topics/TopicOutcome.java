package io.dtm.server.topics;

/** What came of a change to a topic. Whatever is not {@link #CHANGED} has changed nothing. */
public enum TopicOutcome {
  /** Done, and stored. */
  CHANGED,
  /** The topic's name is empty. */
  NAME_MISSING,
  /** The subscriber's address is empty. */
  URL_MISSING,
  /** The topic has this subscriber already. */
  URL_EXISTS,
  /** The topic does not have this subscriber. */
  URL_UNKNOWN,
  /** There is no such topic. */
  TOPIC_UNKNOWN,
  /** The topic is there, but nobody is subscribed to it. */
  TOPIC_EMPTY,
  /** The topic has as many subscribers as a topic may have, see {@link Topics#SUBSCRIBERS_MAX}. */
  TOPIC_FULL
}
