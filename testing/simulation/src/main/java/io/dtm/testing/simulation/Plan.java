package io.dtm.testing.simulation;

import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that a seed decides beforehand: who is there, what clients ask for, what goes wrong. What is
 * left, the order of threads and the times of messages, is drawn while it runs.
 *
 * @param skews how far the clock of each node is off; one for each node
 * @param retention how long finished transactions are kept
 */
record Plan(
    long seed,
    Limits limits,
    List<Duration> skews,
    Duration retention,
    List<Fault> faults,
    List<Order> orders) {
  /** Kept for longer than anything goes on. */
  static final Duration KEPT = Duration.ofDays(7);

  /**
   * The sizes of every node.
   *
   * @param calls that may run at once for one destination
   * @param silences calls in a row without an answer after which a destination is only probed
   * @param waiting transactions that are remembered to wait for a destination
   */
  record Limits(
      int submissions,
      int retries,
      int pendingWrites,
      int batch,
      int writers,
      int calls,
      int silences,
      int waiting) {}

  /** Something that goes wrong in the system. */
  sealed interface Fault {
    /** When it may strike. */
    Duration at();

    /** A process dies at the {@code steps}-th stretch of its threads after {@code at}. */
    record Crash(int node, Duration at, int steps, Duration downFor) implements Fault {}

    /** A process stands still from the {@code steps}-th stretch of its threads after {@code at}. */
    record Pause(int node, Duration at, int steps, Duration lasts) implements Fault {}

    /** The store is not well for a while. */
    record Outage(Illness illness, Duration at, Duration lasts) implements Fault {}

    /** The first batch after {@code at} fails; it was committed or not. */
    record LostBatch(Duration at, boolean committed) implements Fault {}

    /** The participants cannot be reached for a while. */
    record Silence(Duration at, Duration lasts) implements Fault {}
  }

  /** What a store may suffer from. */
  enum Illness {
    GONE,
    FROZEN,
    SLOW
  }

  /** How a participant takes a call, when not as it should. */
  enum Answer {
    ONGOING,
    ERROR_BEFORE,
    ERROR_AFTER,
    TIMEOUT_WITHOUT_EFFECT,
    TIMEOUT_WITH_EFFECT,
    LATE,
    DUPLICATE
  }

  /**
   * One step of an order.
   *
   * @param refuses whether its participant refuses its action, or fails its try, whenever asked
   * @param forward how its first calls forward are taken; later ones are taken as they should
   * @param backward the same of its calls back
   */
  record StepPlan(boolean refuses, List<Answer> forward, List<Answer> backward) {}

  /** How a client ends what it began. */
  enum Ending {
    SUBMIT,
    ABORT,
    VANISH
  }

  /** A command from outside, in the middle of a transaction. */
  enum Intrusion {
    SUBMIT_AGAIN,
    FORCE_STOP,
    RETRY_NOW,
    RETRY_ALL_NOW,
    REGISTER_LATE
  }

  /** When an intrusion comes, and to which node. */
  record Visit(Intrusion intrusion, Duration after, int node) {}

  /**
   * One transaction as its client asks for it.
   *
   * @param prepared whether a message is prepared first, or submitted at once
   * @param ordered whether the last step of a saga waits for the first
   * @param topic whether a message goes to a topic
   * @param policy when it is parked instead of being tried for ever
   */
  record Order(
      String gid,
      TransactionMode mode,
      Duration at,
      int node,
      List<StepPlan> steps,
      boolean prepared,
      boolean concurrent,
      boolean ordered,
      boolean waited,
      boolean topic,
      Duration delay,
      Duration timeout,
      int retryLimit,
      RetryPolicy policy,
      Ending ending,
      List<Visit> visits) {

    Order with(List<StepPlan> otherSteps, List<Visit> otherVisits) {
      return new Order(
          gid,
          mode,
          at,
          node,
          otherSteps,
          prepared,
          concurrent,
          ordered,
          waited,
          topic,
          delay,
          timeout,
          retryLimit,
          policy,
          ending,
          otherVisits);
    }

    /** Whether a limit may ever park it. */
    boolean mayBeParked() {
      return policy.attemptsMax() > 0 || policy.ageMax().isPositive();
    }
  }

  /** The order of that gid, of which there is exactly one. */
  Order order(String gid) {
    return orders.stream().filter(order -> order.gid().equals(gid)).findFirst().orElseThrow();
  }

  /** Whether no call is repeated without need: nothing happens to nodes, clocks and store. */
  boolean isCalm() {
    return faults.isEmpty() && skews.stream().allMatch(Duration::isZero);
  }

  /** Whether finished transactions are to be gone in the end. */
  boolean isForgetful() {
    return retention.compareTo(KEPT) < 0;
  }

  /** Whether a node may believe for too long that its claim holds: its clock is not the store's. */
  boolean isSkewed() {
    return !skewMax().isZero();
  }

  /** The most that a clock is off. */
  Duration skewMax() {
    return skews.stream().map(Duration::abs).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
  }

  Plan with(List<Fault> otherFaults, List<Order> otherOrders) {
    return new Plan(seed, limits, skews, retention, otherFaults, otherOrders);
  }

  Plan withSkews(List<Duration> other) {
    return new Plan(seed, limits, other, retention, faults, orders);
  }

  /** The plan in lines for people. */
  List<String> describe() {
    var lines = new ArrayList<String>();
    lines.add(
        "nodes %d, clocks off by %s, finished ones kept for %s, %s"
            .formatted(skews.size(), skews, retention, limits));
    faults.forEach(fault -> lines.add(fault.toString()));
    orders.forEach(order -> lines.add(order.toString()));
    return lines;
  }
}
