package io.dtm.server.core;

import java.util.List;

/** Who has subscribed to which topic. Thread-safe. */
@FunctionalInterface
public interface TopicDirectory {

  /**
   * The addresses of a topic's subscribers, in the order of their subscription; empty for an
   * unknown topic.
   */
  List<String> subscribers(String topic);
}
