package io.dtm.server.transfer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Who has subscribed to a topic, as both sides keep it: a JSON list. */
record TopicSubscribers(List<Subscriber> subscribers) {
  private static final String NAME = "subscribers";
  private static final int NAME_LENGTH_MAX = 128;

  record Subscriber(String url, String remark) {}

  TopicSubscribers {
    subscribers = List.copyOf(subscribers);
  }

  /**
   * @throws IllegalArgumentException when it is no such list
   */
  static TopicSubscribers parse(String json) {
    if (json.isEmpty() || json.equals("null")) {
      return new TopicSubscribers(List.of());
    }
    var subscribers = new ArrayList<Subscriber>();
    for (var element : JsonFields.list(NAME, JsonFields.document(NAME, json))) {
      var fields = new JsonFields(NAME, element);
      var url = fields.text("url");
      if (url.isEmpty()) {
        throw new IllegalArgumentException(NAME + ".url: missing (expected: an address)");
      }
      subscribers.add(new Subscriber(url, fields.text("remark")));
    }
    return new TopicSubscribers(subscribers);
  }

  /**
   * @throws IllegalArgumentException when a topic cannot be called that
   */
  static void requireName(String topic) {
    if (topic.isEmpty()
        || topic.length() > NAME_LENGTH_MAX
        || topic.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "name: %d characters (expected: 1 to %d, no control character among them)"
              .formatted(topic.length(), NAME_LENGTH_MAX));
    }
  }

  /** Whether the same are subscribed, in whatever order. */
  boolean isSameAs(TopicSubscribers other) {
    return new HashSet<>(subscribers).equals(new HashSet<>(other.subscribers));
  }

  String toJson() {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var subscriber : subscribers) {
      list.addObject().put("url", subscriber.url()).put("remark", subscriber.remark());
    }
    return list.toString();
  }
}
