package io.dtm.server.transfer;

import io.dtm.server.core.KeyValueStore;
import io.dtm.server.transfer.ImportReport.Tally;

/**
 * The topics of one import. A topic that is there with other subscribers is left alone: nobody but
 * the operator knows which list is right. Not thread-safe.
 */
final class TopicImport {
  private final KeyValueStore target;
  private final Import.Mode mode;
  private final Problems problems;
  private Tally tally = Tally.NONE;
  private long read;
  private long verified;

  TopicImport(KeyValueStore target, Import.Mode mode, Problems problems) {
    this.target = target;
    this.mode = mode;
    this.problems = problems;
  }

  void take(ReferenceTopic topic) {
    read++;
    try {
      TopicSubscribers.requireName(topic.name());
      take(topic.name(), TopicSubscribers.parse(topic.subscribers()));
    } catch (IllegalArgumentException e) {
      problems.add(subject(topic.name()), String.valueOf(e.getMessage()));
    }
  }

  private void take(String name, TopicSubscribers wanted) {
    var stored = target.findEntry(ReferenceWords.TOPICS, name);
    if (stored.isPresent()) {
      var isSame = TopicSubscribers.parse(stored.get().value()).isSameAs(wanted);
      count(false, isSame);
      if (!isSame) {
        problems.add(
            subject(name),
            "there with other subscribers, and left alone: %s (the source has: %s)"
                .formatted(stored.get().value(), wanted.toJson()));
      }
      return;
    }
    switch (mode) {
      case DRY_RUN -> count(true, false);
      case APPLY -> count(true, isWritten(name, wanted));
    }
  }

  private boolean isWritten(String name, TopicSubscribers wanted) {
    var written = target.putEntry(ReferenceWords.TOPICS, name, wanted.toJson(), 0);
    var stored = target.findEntry(ReferenceWords.TOPICS, name);
    var isThere =
        stored.isPresent() && TopicSubscribers.parse(stored.get().value()).isSameAs(wanted);
    if (!written || !isThere) {
      problems.add(subject(name), "not found as it was written (expected: nobody else writes)");
    }
    return isThere;
  }

  private void count(boolean created, boolean isVerified) {
    tally = tally.plus(new Tally(created ? 1 : 0, created ? 0 : 1, 0));
    verified += isVerified && mode == Import.Mode.APPLY ? 1 : 0;
  }

  private static String subject(String name) {
    return "topic " + name;
  }

  Tally tally() {
    return tally;
  }

  long read() {
    return read;
  }

  /** How many are in the target as the source has them. */
  long verified() {
    return verified;
  }
}
