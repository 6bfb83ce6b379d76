package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.server.topics.TopicOutcome;
import io.dtm.server.topics.Topics;

/** Changes to topics. */
final class TopicRoutes {
  private static final int NAME_LENGTH_MAX = 128;
  private static final String FULL =
      "topic: has %1$d subscribers (expected: at most %1$d)".formatted(Topics.SUBSCRIBERS_MAX);

  private final Topics topics;
  private final Replies replies;

  TopicRoutes(Topics topics, Replies replies) {
    this.topics = topics;
    this.replies = replies;
  }

  Reply subscribe(EdgeRequest request) {
    var query = request.query();
    var topic = name(query.text(Keys.TOPIC));
    var url = BranchUrls.check(Keys.URL, query.text(Keys.URL));
    return reply(topics.subscribe(topic, url, query.text(Keys.REMARK)), Messages.NO_SUCH_TOPIC);
  }

  Reply unsubscribe(EdgeRequest request) {
    var query = request.query();
    var topic = name(query.text(Keys.TOPIC));
    return reply(topics.unsubscribe(topic, query.text(Keys.URL)), Messages.NO_SUCH_TOPIC);
  }

  Reply delete(EdgeRequest request) {
    return reply(topics.delete(name(request.lastOfPath())), Messages.STORAGE_NOT_FOUND);
  }

  /** An empty name has a text of its own, which clients know. */
  private static String name(String topic) {
    return topic.isEmpty() ? topic : Names.check(Keys.TOPIC, topic, NAME_LENGTH_MAX);
  }

  /**
   * @param unknown what to say when there is no such topic, which depends on the command
   */
  private Reply reply(TopicOutcome outcome, String unknown) {
    return replies.of(
        switch (outcome) {
          case CHANGED -> new Answer.Done();
          case NAME_MISSING -> new Answer.Invalid(Messages.EMPTY_TOPIC);
          case URL_MISSING -> new Answer.Invalid(Messages.EMPTY_URL);
          case URL_EXISTS -> new Answer.Failed(409, Messages.URL_EXISTS);
          case URL_UNKNOWN -> new Answer.Failed(404, Messages.NO_SUCH_URL);
          case TOPIC_UNKNOWN -> new Answer.Failed(404, unknown);
          case TOPIC_EMPTY -> new Answer.Failed(404, Messages.TOPIC_IS_EMPTY);
          case TOPIC_FULL -> new Answer.Failed(409, FULL);
        });
  }
}
