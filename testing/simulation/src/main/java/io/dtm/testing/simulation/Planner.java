package io.dtm.testing.simulation;

import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes a plan of a seed. */
final class Planner {
  private static final int NODES_MAX = 5;
  private static final int ORDERS_MAX = 4;
  private static final int STEPS_MAX = 3;
  private static final int FAULTS_MAX = 4;

  /** When the last fault may begin, in milliseconds. */
  private static final int FAULTS_UNTIL = 15_000;

  private final SplittableRandom random;

  /** Longer than any client repeats itself, and any process or store stands still. */
  private static final Duration RETENTION = Duration.ofMinutes(4);

  private int nodes;

  private Planner(long seed) {
    random = new SplittableRandom(seed);
  }

  static Plan plan(long seed) {
    return new Planner(seed).plan0(seed);
  }

  private Plan plan0(long seed) {
    nodes = chance(40) ? 1 : between(2, NODES_MAX);
    var limits =
        new Plan.Limits(
            between(1, 6),
            between(1, 4),
            between(1, 8),
            between(1, 8),
            between(1, 2),
            between(1, 6),
            between(1, 4),
            between(0, 4));
    boolean calm = chance(35);
    var skews = times(nodes, () -> calm || chance(80) ? Duration.ZERO : millis(-20_000, 20_000));
    var faults = times(calm ? 0 : between(0, FAULTS_MAX), this::fault);
    int count = between(1, ORDERS_MAX);
    var orders = IntStream.rangeClosed(1, count).mapToObj(this::order).toList();
    var retention = chance(8) ? RETENTION : Plan.KEPT;
    return new Plan(seed, limits, skews, retention, faults, orders);
  }

  private Plan.Fault fault() {
    // Half of them strike where most happens.
    var at = chance(50) ? millis(0, 1_500) : millis(0, FAULTS_UNTIL);
    return switch (random.nextInt(7)) {
      case 0, 1 -> new Plan.Fault.Crash(node(), at, between(1, 60), millis(100, 20_000));
      case 2 -> new Plan.Fault.Pause(node(), at, between(1, 60), millis(2_000, 30_000));
      case 3 -> new Plan.Fault.Outage(one(Plan.Illness.values()), at, outage());
      case 4 -> new Plan.Fault.Silence(at, outage());
      default -> new Plan.Fault.LostBatch(at, chance(50));
    };
  }

  private Duration outage() {
    return chance(10) ? millis(60_000, 180_000) : millis(100, 15_000);
  }

  private Plan.Order order(int number) {
    var mode = one(TransactionMode.values());
    boolean direct =
        mode == TransactionMode.SAGA || (mode == TransactionMode.MESSAGE && chance(40));
    return new Plan.Order(
        "t" + number,
        mode,
        millis(0, 2_000),
        node(),
        times(between(1, STEPS_MAX), this::step),
        !direct,
        chance(40),
        chance(30),
        chance(30),
        mode == TransactionMode.MESSAGE && chance(30),
        chance(25) ? Duration.ofSeconds(between(1, 8)) : Duration.ZERO,
        chance(25) ? Duration.ofSeconds(between(1, 12)) : Duration.ZERO,
        chance(25) ? between(1, 3) : 0,
        policy(),
        direct ? Plan.Ending.SUBMIT : ending(),
        times(chance(50) ? 0 : between(1, 2), this::visit));
  }

  private RetryPolicy policy() {
    if (chance(75)) {
      return RetryPolicy.open();
    }
    boolean counts = chance(70);
    return new RetryPolicy(
        Duration.ZERO,
        0,
        Duration.ZERO,
        counts ? between(1, 3) : 0,
        counts && chance(70) ? Duration.ZERO : Duration.ofSeconds(between(1, 10)));
  }

  private Plan.Ending ending() {
    return switch (random.nextInt(6)) {
      case 0 -> Plan.Ending.VANISH;
      case 1 -> Plan.Ending.ABORT;
      default -> Plan.Ending.SUBMIT;
    };
  }

  private Plan.StepPlan step() {
    return new Plan.StepPlan(chance(15), answers(), answers());
  }

  private List<Plan.Answer> answers() {
    return times(chance(65) ? 0 : between(1, 3), () -> one(Plan.Answer.values()));
  }

  private Plan.Visit visit() {
    var intrusion = chance(40) ? Plan.Intrusion.SUBMIT_AGAIN : one(Plan.Intrusion.values());
    return new Plan.Visit(intrusion, chance(50) ? millis(0, 100) : millis(0, 8_000), node());
  }

  private int node() {
    return random.nextInt(nodes);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  private Duration millis(int from, int to) {
    return Duration.ofMillis(between(from, to));
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static <T> List<T> times(int count, Supplier<T> make) {
    return Stream.generate(make).limit(count).toList();
  }
}
