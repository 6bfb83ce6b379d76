package io.dtm.sdk.testing;

import static java.util.Objects.requireNonNull;

import io.dtm.client.TransactionClient;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a saga, a TCC or a message again and again, each time with other faults at other calls, and
 * checks after each run what must always hold. It finds what happens once in a million runs, such
 * as a participant that works twice when its answer was lost, or a try that comes after its cancel.
 *
 * <pre>{@code
 * TransactionExplorer.over(server)
 *     .before(bank::reset)
 *     .scenario(client -> transfer(client, bank.url()))
 *     .invariant(end -> assertThat(bank.total()).isEqualTo(2_000))
 *     .check();
 * }</pre>
 *
 * <p>The first run has no fault and tells which calls there are. Then there is a run for each fault
 * that may befall each of these calls, then one for each second fault at each call that came after
 * the first fault, and so on: all schedules with few faults before any with more. Each run ends
 * when its transactions have ended, and what was delayed has arrived.
 *
 * <p>The real server crashes and starts again, calls participants and is called by the application,
 * but its time is moved by the explorer, so that a run takes milliseconds. Not thread-safe.
 */
public final class TransactionExplorer {
  /** How many runs there are at most, unless asked otherwise. */
  public static final int RUNS_MAX = 1_000;

  /** How many faults one run has at most, unless asked otherwise. */
  public static final int FAULTS_MAX = 2;

  private final TransactionServer server;
  private final Set<Fault> faults = EnumSet.complementOf(EnumSet.of(Fault.NONE));
  private Preparation preparation = () -> {};
  private @Nullable Scenario scenario;
  private @Nullable Invariant invariant;
  private int runsMax = RUNS_MAX;
  private int faultsMax = FAULTS_MAX;

  /** Puts the participants back to where they were. */
  @FunctionalInterface
  public interface Preparation {
    void run() throws Exception;
  }

  /** What the application does. */
  @FunctionalInterface
  public interface Scenario {
    /**
     * Begins one transaction or several, with new gids, and brings them to their submit or abort.
     * Must not wait for their end, since time moves on only afterwards; {@code waitForResult} is
     * fine. In runs with faults an exception counts as what the application saw, and is no failure.
     */
    void run(TransactionClient client) throws Exception;
  }

  /** What must hold at the end of every run. */
  @FunctionalInterface
  public interface Invariant {
    /** Throws an {@link AssertionError}, or anything else, when it does not. */
    void check(ExploredEnd end) throws Exception;
  }

  private TransactionExplorer(TransactionServer server) {
    this.server = server;
  }

  /** Explores on a server that does nothing else meanwhile; its own faults do not count. */
  public static TransactionExplorer over(TransactionServer server) {
    return new TransactionExplorer(requireNonNull(server, "server"));
  }

  /** What to do before each run. Default: nothing. */
  public TransactionExplorer before(Preparation preparation) {
    this.preparation = requireNonNull(preparation, "preparation");
    return this;
  }

  public TransactionExplorer scenario(Scenario scenario) {
    this.scenario = requireNonNull(scenario, "scenario");
    return this;
  }

  public TransactionExplorer invariant(Invariant invariant) {
    this.invariant = requireNonNull(invariant, "invariant");
    return this;
  }

  /**
   * Ends the search after so many runs, even if there are more schedules.
   *
   * @param runs 1 or more; default: {@value #RUNS_MAX}
   */
  public TransactionExplorer runsMax(int runs) {
    runsMax = atLeast(1, "runs", runs);
    return this;
  }

  /**
   * Tries schedules of up to so many faults.
   *
   * @param count 0 or more; default: {@value #FAULTS_MAX}
   */
  public TransactionExplorer faultsMax(int count) {
    faultsMax = atLeast(0, "count", count);
    return this;
  }

  /** Leaves out some kinds of faults. */
  public TransactionExplorer without(Fault... kinds) {
    faults.removeAll(Set.of(kinds));
    return this;
  }

  private static int atLeast(int least, String name, int value) {
    if (value < least) {
      throw new IllegalArgumentException("%s: %d (expected: >= %d)".formatted(name, value, least));
    }
    return value;
  }

  /**
   * Searches, and tells what was found.
   *
   * @throws IllegalStateException when scenario or invariant is missing, when the scenario throws
   *     without any fault, or when some of its calls do not pass the server
   */
  public ExplorationReport explore() {
    if (scenario == null || invariant == null) {
      throw new IllegalStateException("scenario or invariant missing (expected: both)");
    }
    var runs = new ExplorationRuns(server, preparation, scenario, invariant);
    try {
      return new Exploration(runs, faults, runsMax, faultsMax).search();
    } finally {
      server.followRules();
    }
  }

  /**
   * Searches, and fails with the shortest schedule that breaks the invariant.
   *
   * @throws AssertionError that tells the schedule in words
   */
  public ExplorationReport check() {
    var report = explore();
    if (report.shortest().isPresent()) {
      throw new AssertionError(report.toString(), report.shortest().get().cause());
    }
    return report;
  }
}
