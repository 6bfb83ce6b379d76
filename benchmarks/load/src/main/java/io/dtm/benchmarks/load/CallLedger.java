package io.dtm.benchmarks.load;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Which calls the participant got, flow by flow: each call of an acknowledged flow has to come
 * once, and no more. Gives out the gids, which are numbered, so that four bytes are enough for a
 * flow. Thread-safe.
 */
final class CallLedger {
  /** Calls of one flow that are told apart. */
  static final int CALLS_MAX = 4;

  private static final int PAGE_FLOWS = 1 << 16;
  private static final int PAGES_MAX = 1 << 12;
  private static final int COUNT_BITS = 7;
  private static final int COUNT_MAX = (1 << COUNT_BITS) - 1;
  private static final int ACKNOWLEDGED = 1 << (CALLS_MAX * COUNT_BITS);
  private static final int STRANGE_SHOWN_MAX = 5;

  private final Mode mode;
  private final String prefix;
  private final AtomicLong next = new AtomicLong();
  private final AtomicReferenceArray<@Nullable AtomicIntegerArray> pages =
      new AtomicReferenceArray<>(PAGES_MAX);
  private final AtomicLong strange = new AtomicLong();
  private final Queue<String> strangeShown = new ConcurrentLinkedQueue<>();

  /**
   * What is wrong with the calls of a range of flows.
   *
   * @param missing calls of acknowledged flows that did not come
   * @param repeated calls of any flow that came again, each repetition counted
   */
  record Verdict(long missing, long repeated) {
    boolean isGood() {
      return missing == 0 && repeated == 0;
    }
  }

  /**
   * @param prefix of the gids, different from that of every other ledger
   */
  CallLedger(Mode mode, String prefix) {
    if (mode.calls().size() > CALLS_MAX) {
      throw new IllegalArgumentException(
          "%s: %d calls (expected: at most %d)".formatted(mode, mode.calls().size(), CALLS_MAX));
    }
    this.mode = mode;
    this.prefix = prefix;
  }

  /** The number of a new flow. */
  long begin() {
    return next.getAndIncrement();
  }

  /** The number that the next flow will get. */
  long position() {
    return next.get();
  }

  String gid(long flow) {
    return prefix + flow;
  }

  /** Its client was told that all is well. */
  void acknowledge(long flow) {
    page(flow).getAndUpdate(place(flow), entry -> entry | ACKNOWLEDGED);
  }

  /** The participant was called. */
  void called(String gid, String branch, String operation) {
    int call = mode.calls().indexOf(branch + " " + operation);
    long flow = number(gid);
    if (call < 0 || flow < 0) {
      strange("%s %s %s".formatted(gid, branch, operation));
      return;
    }
    page(flow)
        .getAndUpdate(
            place(flow),
            entry -> count(entry, call) == COUNT_MAX ? entry : entry + (1 << shift(call)));
  }

  /** A call came that belongs to no flow. */
  void strange(String what) {
    if (strange.incrementAndGet() <= STRANGE_SHOWN_MAX) {
      strangeShown.add(what);
    }
  }

  /** How many calls came that belong to no flow. */
  long strangeCalls() {
    return strange.get();
  }

  /** The first of them. */
  String strangeShown() {
    return String.join(", ", strangeShown);
  }

  /**
   * Looks at the flows of a range.
   *
   * @param to exclusive
   */
  Verdict judge(long from, long to) {
    long missing = 0;
    long repeated = 0;
    for (long flow = from; flow < to; flow++) {
      int entry = page(flow).get(place(flow));
      for (int call = 0; call < mode.calls().size(); call++) {
        int count = count(entry, call);
        if (count == 0 && (entry & ACKNOWLEDGED) != 0) {
          missing++;
        }
        repeated += Math.max(0, count - 1);
      }
    }
    return new Verdict(missing, repeated);
  }

  private long number(String gid) {
    if (!gid.startsWith(prefix)) {
      return -1;
    }
    try {
      long number = Long.parseLong(gid, prefix.length(), gid.length(), 10);
      return number < next.get() ? number : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private AtomicIntegerArray page(long flow) {
    int index = Math.toIntExact(flow / PAGE_FLOWS);
    if (index >= PAGES_MAX) {
      throw new IllegalStateException(
          "flow %d (expected: fewer than %d in one run)"
              .formatted(flow, (long) PAGES_MAX * PAGE_FLOWS));
    }
    var page = pages.get(index);
    if (page != null) {
      return page;
    }
    var created = new AtomicIntegerArray(PAGE_FLOWS);
    return pages.compareAndSet(index, null, created) ? created : page(flow);
  }

  private static int place(long flow) {
    return (int) (flow % PAGE_FLOWS);
  }

  private static int shift(int call) {
    return call * COUNT_BITS;
  }

  private static int count(int entry, int call) {
    return (entry >>> shift(call)) & COUNT_MAX;
  }
}
