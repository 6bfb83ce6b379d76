package io.dtm.testing.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What clients began, what they were told of it, and what their answers took. Thread-safe. */
final class Chronicle {
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong longestAnswer = new AtomicLong();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** A transaction as its client knows it. */
  record Entry(Flow flow, boolean overGrpc, boolean acknowledged) {}

  /** A new gid for a transaction that is about to begin. */
  String begin(Flow flow, boolean overGrpc) {
    var gid = "torture-" + count.incrementAndGet();
    entries.put(gid, new Entry(flow, overGrpc, false));
    return gid;
  }

  /** Its last request was acknowledged. */
  void acknowledge(String gid) {
    entries.computeIfPresent(gid, (key, e) -> new Entry(e.flow(), e.overGrpc(), true));
    acknowledged.incrementAndGet();
  }

  void answered(long nanos) {
    longestAnswer.accumulateAndGet(nanos, Math::max);
  }

  /** A request had to be repeated. */
  void repeated() {
    repeats.incrementAndGet();
  }

  int begun() {
    return count.get();
  }

  int acknowledged() {
    return acknowledged.get();
  }

  long longestAnswerMillis() {
    return longestAnswer.get() / 1_000_000;
  }

  int repeats() {
    return repeats.get();
  }

  Entry entry(String gid) {
    var entry = entries.get(gid);
    if (entry == null) {
      throw new IllegalArgumentException(gid + ": not begun here");
    }
    return entry;
  }

  Map<String, Entry> entries() {
    return Map.copyOf(entries);
  }
}
