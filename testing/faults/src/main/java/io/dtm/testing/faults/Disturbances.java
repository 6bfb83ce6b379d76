package io.dtm.testing.faults;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was done to servers, databases and connections, and when. Thread-safe. */
final class Disturbances {
  private final List<Disturbance> all = new CopyOnWriteArrayList<>();

  /** What can be done. */
  enum Kind {
    KILL("kills"),
    PAUSE("pauses"),
    DATABASE_RESTART("database restarts"),
    DATABASE_CUT("cuts to the database"),
    PARTICIPANT_CUT("cuts to the participant");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** One of them, by the JVM's own count of time. */
  record Disturbance(Kind kind, long fromNanos, long toNanos) {
    boolean isNear(long atNanos, Duration room) {
      return atNanos - fromNanos >= -room.toNanos() && atNanos - toNanos <= room.toNanos();
    }
  }

  void add(Kind kind, long fromNanos, long toNanos) {
    all.add(new Disturbance(kind, fromNanos, toNanos));
  }

  List<Disturbance> of(Kind kind) {
    return all.stream().filter(d -> d.kind() == kind).toList();
  }

  /** Whether something was going on then, or within {@code room} of it. */
  boolean isNear(long atNanos, Duration room) {
    return all.stream().anyMatch(d -> d.isNear(atNanos, room));
  }
}
