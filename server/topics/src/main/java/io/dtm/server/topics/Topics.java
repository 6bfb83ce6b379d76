package io.dtm.server.topics;

import static io.dtm.protocol.Topics.CATEGORY;

import io.dtm.protocol.SubscriberJson;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TopicDirectory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who has subscribed to which topic. A change counts at once on the node that made it; other nodes
 * that have just read the topic see it when the refresh interval has passed. Thread-safe. Every
 * method may block for the store, and throws {@link StoreUnavailable} when it cannot be reached; a
 * change may then have happened or not.
 */
public final class Topics implements TopicDirectory {
  /*
   * Defects D3 and D11 of the reference. D3: deleting removes the entry, so versions start again at
   * 1, as clients see them do with the reference. That is harmless here: what was read is replaced
   * by its age, never by comparing versions, so a topic that was deleted and made anew cannot be
   * hidden by what stood there before. D11: each topic is looked up by its name; no list of all
   * topics is ever read, so none can be cut short.
   *
   * One race remains that the store cannot tell from none: between our read and our write others
   * delete the topic and change the new one until it has the version that we read. Our write then
   * puts the old list, with our change, in its place.
   */

  /** Most subscribers of one topic: a message to it has as many branches. */
  public static final int SUBSCRIBERS_MAX = 1_000;

  /** How often a change starts over when others change the topic under its hands. */
  private static final int RACES_MAX = 100;

  private static final int CACHED_MAX = 10_000;

  private final KeyValueStore store;
  private final SubscriberList lists = new SubscriberList();
  private final TopicCache cache;

  /** What a change wants to do with the topic it found. */
  private sealed interface Step {
    /** Nothing: this is the answer. */
    record Answer(TopicOutcome outcome) implements Step {}

    /** Store this list in place of the one that was found. */
    record Put(List<SubscriberJson> subscribers) implements Step {}

    /** Remove the topic. */
    record Delete() implements Step {}
  }

  /**
   * @param refreshInterval how old a look at the store may be; zero: look every time
   */
  public Topics(KeyValueStore store, Duration refreshInterval, InstantSource clock) {
    if (refreshInterval.isNegative()) {
      throw new IllegalArgumentException(
          "refreshInterval: %s (expected: >= 0)".formatted(refreshInterval));
    }
    this.store = store;
    this.cache = new TopicCache(CACHED_MAX, refreshInterval, clock);
  }

  @Override
  public List<String> subscribers(String topic) {
    return cache.find(topic).orElseGet(() -> read(topic));
  }

  /**
   * Unknown topics are not kept, so the first subscriber of a topic is seen by all nodes at once.
   */
  private List<String> read(String topic) {
    var ticket = cache.ticket();
    var found = store.findEntry(CATEGORY, topic);
    if (found.isEmpty()) {
      return List.of();
    }
    var urls = lists.read(found.get()).stream().map(SubscriberJson::url).toList();
    cache.keep(topic, urls, ticket);
    return urls;
  }

  /**
   * Adds a subscriber, and the topic if it is not there.
   *
   * @param remark for people
   */
  public TopicOutcome subscribe(String topic, String url, String remark) {
    if (url.isEmpty() && !topic.isEmpty()) {
      return TopicOutcome.URL_MISSING;
    }
    return change(
        topic,
        found -> {
          var before = found.map(lists::read).orElseGet(List::of);
          if (has(before, url)) {
            return new Step.Answer(TopicOutcome.URL_EXISTS);
          }
          if (before.size() >= SUBSCRIBERS_MAX) {
            return new Step.Answer(TopicOutcome.TOPIC_FULL);
          }
          var after = new ArrayList<>(before);
          after.add(new SubscriberJson(url, remark));
          return new Step.Put(after);
        });
  }

  /** Removes a subscriber. The topic stays, also when it was the last. */
  public TopicOutcome unsubscribe(String topic, String url) {
    if (url.isEmpty() && !topic.isEmpty()) {
      return TopicOutcome.URL_MISSING;
    }
    return change(
        topic,
        found -> {
          if (found.isEmpty()) {
            return new Step.Answer(TopicOutcome.TOPIC_UNKNOWN);
          }
          var before = lists.read(found.get());
          if (before.isEmpty()) {
            return new Step.Answer(TopicOutcome.TOPIC_EMPTY);
          }
          return has(before, url)
              ? new Step.Put(before.stream().filter(s -> !s.url().equals(url)).toList())
              : new Step.Answer(TopicOutcome.URL_UNKNOWN);
        });
  }

  /** Removes a topic with all its subscribers. */
  public TopicOutcome delete(String topic) {
    return change(
        topic,
        found -> found.isEmpty() ? new Step.Answer(TopicOutcome.TOPIC_UNKNOWN) : new Step.Delete());
  }

  private static boolean has(List<SubscriberJson> subscribers, String url) {
    return subscribers.stream().anyMatch(s -> s.url().equals(url));
  }

  /** Asks the change what to do and does it, again and again until no other writer interferes. */
  private TopicOutcome change(String topic, Function<Optional<Entry>, Step> change) {
    if (topic.isEmpty()) {
      return TopicOutcome.NAME_MISSING;
    }
    for (int race = 0; race < RACES_MAX; race++) {
      var found = store.findEntry(CATEGORY, topic);
      var step = change.apply(found);
      if (step instanceof Step.Answer(var outcome)) {
        return outcome;
      }
      if (carryOut(topic, step, found.map(Entry::version).orElse(0L))) {
        return TopicOutcome.CHANGED;
      }
    }
    throw new StoreUnavailable(
        "topic %s: changed by others %d times in a row".formatted(topic, RACES_MAX));
  }

  private boolean carryOut(String topic, Step step, long version) {
    try {
      return switch (step) {
        case Step.Put(var subscribers) ->
            store.putEntry(CATEGORY, topic, lists.write(subscribers), version);
        case Step.Delete ignored -> store.deleteEntry(CATEGORY, topic, version);
        case Step.Answer ignored -> throw new IllegalStateException("nothing to carry out");
      };
    } finally {
      cache.forget(topic); // also when nobody knows whether it was written
    }
  }
}
