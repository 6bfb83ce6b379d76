package io.dtm.cli;

import io.dtm.examples.bank.BankCall;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Keeps who called whom, and when, during one transaction. Thread-safe: the bank reports on threads
 * of its own.
 */
final class QuickStartTimeline {
  private static final int ANSWER_MAX = 26;

  /** One message from somebody to somebody. */
  private record Entry(Instant at, String from, String to, String what) {}

  private final InstantSource clock;
  private final List<Entry> entries = new ArrayList<>();
  private String gid = "";

  QuickStartTimeline(InstantSource clock) {
    this.clock = clock;
  }

  /** Starts over, for another transaction. */
  synchronized void begin(String newGid) {
    entries.clear();
    gid = newGid;
  }

  synchronized void clientAsked(String what) {
    entries.add(new Entry(clock.instant(), "you", "dtm", what));
  }

  synchronized void clientAnswered(String what) {
    entries.add(new Entry(clock.instant(), "dtm", "you", what));
  }

  /** Leaves out what an earlier demonstration in the same folder has left unfinished. */
  synchronized void bankCalled(BankCall call) {
    if (!call.branch().gid().equals(gid)) {
      return;
    }
    var what =
        "branch %s  %-10s  %-18s  %d %s"
            .formatted(
                call.branch().branchId(),
                call.branch().operation(),
                call.name(),
                call.status(),
                call.status() == 200 ? "" : shortened(call.answer()));
    entries.add(new Entry(call.receivedAt(), "dtm", "bank", what.stripTrailing()));
  }

  /** One line for each message, in the order of time. */
  synchronized List<String> lines() {
    var sorted = entries.stream().sorted(Comparator.comparing(Entry::at)).toList();
    if (sorted.isEmpty()) {
      return List.of();
    }
    var start = sorted.getFirst().at();
    return sorted.stream()
        .map(entry ->
            "%6d ms   %-4s -> %-4s   %s"
                .formatted(
                    Duration.between(start, entry.at()).toMillis(),
                    entry.from(),
                    entry.to(),
                    entry.what()))
        .toList();
  }

  private static String shortened(String text) {
    return text.length() <= ANSWER_MAX ? text : text.substring(0, ANSWER_MAX - 3) + "...";
  }
}
