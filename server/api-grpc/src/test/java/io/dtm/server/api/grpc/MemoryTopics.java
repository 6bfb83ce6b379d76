package io.dtm.server.api.grpc;

import io.dtm.server.core.TopicDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Topics in a map. */
final class MemoryTopics implements TopicCommands, TopicDirectory {
  private final Map<String, List<String>> topics = new LinkedHashMap<>();

  @Override
  public synchronized TopicOutcome subscribe(String topic, String url, String remark) {
    if (remark.equals("race")) {
      return TopicOutcome.LOST_RACE;
    }
    var urls = topics.computeIfAbsent(topic, name -> new ArrayList<>());
    if (urls.contains(url)) {
      return TopicOutcome.ALREADY_SUBSCRIBED;
    }
    urls.add(url);
    return TopicOutcome.CHANGED;
  }

  @Override
  public synchronized TopicOutcome unsubscribe(String topic, String url) {
    var urls = topics.get(topic);
    if (urls == null) {
      return TopicOutcome.UNKNOWN_TOPIC;
    }
    if (urls.isEmpty()) {
      return TopicOutcome.NO_SUBSCRIBERS;
    }
    return urls.remove(url) ? TopicOutcome.CHANGED : TopicOutcome.NOT_SUBSCRIBED;
  }

  @Override
  public synchronized TopicOutcome delete(String topic) {
    return topics.remove(topic) == null ? TopicOutcome.UNKNOWN_TOPIC : TopicOutcome.CHANGED;
  }

  @Override
  public synchronized List<String> subscribers(String topic) {
    return List.copyOf(topics.getOrDefault(topic, List.of()));
  }
}
