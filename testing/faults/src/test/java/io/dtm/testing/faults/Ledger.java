package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What clients began, what of it was acknowledged to its last request, and what must have come of
 * that in the end. Clients may write at the same time; the rest is for one thread.
 */
final class Ledger {
  private final String prefix;
  private final AtomicInteger count = new AtomicInteger();
  private final Map<String, Flow> begun = new ConcurrentHashMap<>();
  private final Map<String, Flow> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Integer> callsAtEnd = new ConcurrentHashMap<>();

  /**
   * @param prefix what all gids begin with
   */
  Ledger(String prefix) {
    this.prefix = prefix;
  }

  /** A new gid for a transaction that is about to begin. */
  String begin(Flow flow) {
    var gid = prefix + count.incrementAndGet();
    begun.put(gid, flow);
    return gid;
  }

  /** Its last request was acknowledged. */
  void acknowledge(String gid) {
    acknowledged.put(gid, begun.get(gid));
  }

  int begun() {
    return begun.size();
  }

  /** Whether at least one of each flow was acknowledged to its last request. */
  boolean hasEveryFlow() {
    return acknowledged.values().containsAll(List.of(Flow.values()));
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** Waits until everything that was acknowledged has the end that it must have. */
  void awaitEnds(Api api, Duration limit, RecordingParticipant participant) throws Exception {
    List<String> open = new ArrayList<>(acknowledged.keySet());
    var deadline = System.nanoTime() + limit.toNanos();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      open = unfinished(open, api, participant);
    }
    assertThat(open).as("acknowledged, but lost or without an end").isEmpty();
  }

  private List<String> unfinished(List<String> open, Api api, RecordingParticipant participant)
      throws Exception {
    var still = new ArrayList<String>();
    for (var gid : open) {
      if (api.status(gid).equals(acknowledged.get(gid).end())) {
        callsAtEnd.put(gid, participant.calls(gid).size());
      } else {
        still.add(gid);
      }
    }
    return still;
  }

  /** Whether participants were called as the promises say; to be asked after the ends. */
  void check(RecordingParticipant participant) {
    assertThat(acknowledged.values()).containsAll(List.of(Flow.values()));
    acknowledged.forEach((gid, flow) -> {
      var calls = participant.calls(gid);
      assertThat(calls).as("%s %s", flow, gid).containsAll(flow.called());
      assertThat(calls).as("%s %s", flow, gid).noneMatch(flow.neverCalled()::contains);
    });
    begun.keySet().forEach(gid -> checkOrder(gid, participant.calls(gid)));
    // I2. Asked last, so that there was time for calls that must not be.
    callsAtEnd.forEach((gid, calls) ->
        assertThat(participant.calls(gid)).as("%s after its end", gid).hasSize(calls));
  }

  /** I8, where nothing was killed and nothing timed out. */
  void checkNoCallTwice(RecordingParticipant participant) {
    begun
        .keySet()
        .forEach(gid -> assertThat(participant.calls(gid)).as(gid).doesNotHaveDuplicates());
  }

  /** I3 and I7, for what was not acknowledged as well. */
  private static void checkOrder(String gid, List<String> calls) {
    var seen = new HashSet<String>();
    boolean undoing = false;
    for (var call : calls) {
      var branch = call.substring(0, 2);
      undoing |= call.endsWith(" compensate");
      assertThat(undoing && call.endsWith(" action")).as("%s: %s", gid, calls).isFalse();
      assertThat(call.endsWith(" compensate") && !seen.contains(branch + " action"))
          .as("%s: %s", gid, calls)
          .isFalse();
      seen.add(call);
    }
    for (var branch : List.of("01", "02")) {
      assertThat(seen.contains(branch + " confirm") && seen.contains(branch + " cancel"))
          .as("%s: %s", gid, calls)
          .isFalse();
      assertThat(seen.contains(branch + " commit") && seen.contains(branch + " rollback"))
          .as("%s: %s", gid, calls)
          .isFalse();
    }
  }
}
