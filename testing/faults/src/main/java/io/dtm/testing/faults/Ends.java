package io.dtm.testing.faults;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * How every transaction ended, as the server says, and how many calls there had been by then.
 *
 * @param statuses by gid, in the words of the wire; {@link #MISSING} where the server knows none
 * @param callsAtEnd by gid, for those that have ended
 */
record Ends(Map<String, String> statuses, Map<String, Integer> callsAtEnd) {
  static final String MISSING = "missing";

  private static final Set<String> FINAL = Set.of("succeed", "failed");
  private static final int ASKING = 8;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** Asks about all of them until each has ended or is unknown, or the limit is over. */
  static Ends await(Api api, Chronicle chronicle, RecordingParticipant participant, Duration limit)
      throws Exception {
    var ends = new Ends(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    var open = new LinkedBlockingQueue<>(chronicle.entries().keySet());
    var deadline = System.nanoTime() + limit.toNanos();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = new ArrayList<Future<?>>();
      for (int i = 0; i < ASKING; i++) {
        asking.add(
            threads.submit(() -> {
              for (var gid = open.poll(); gid != null; gid = open.poll()) {
                if (!ends.look(api, chronicle, gid, participant) && System.nanoTime() < deadline) {
                  open.add(gid);
                  LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                }
              }
              return null;
            }));
      }
      for (var each : asking) {
        each.get();
      }
    }
    return ends;
  }

  /** Whether there is nothing to wait for. */
  private boolean look(Api api, Chronicle chronicle, String gid, RecordingParticipant participant)
      throws InterruptedException {
    String status;
    try {
      status = api.status(gid);
    } catch (IOException e) {
      return false;
    }
    if (FINAL.contains(status)) {
      statuses.put(gid, status);
      callsAtEnd.put(gid, participant.callsWithTimes(gid).size());
      return true;
    }
    var entry = chronicle.entry(gid);
    // Nobody but its client ends a workflow, and this one has given up.
    boolean leftAlone = entry.flow() == Flow.WORKFLOW && !entry.acknowledged();
    if (status.startsWith(MISSING) && !status.contains("\"transaction\":null")) {
      return false;
    }
    statuses.put(gid, status.startsWith(MISSING) ? MISSING : status);
    return leftAlone || (status.startsWith(MISSING) && !entry.acknowledged());
  }
}
