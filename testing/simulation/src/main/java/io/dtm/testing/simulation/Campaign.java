package io.dtm.testing.simulation;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Many seeds, one after the other or side by side, until one fails. */
public final class Campaign {
  private final Defect defect;
  private final int parallel;
  private final LongConsumer progress;

  /**
   * What came of it.
   *
   * @param seeds how many were run
   * @param failure the failing one with the smallest seed; null when all held
   */
  public record Summary(
      long seeds, Coverage coverage, long steps, Simulation.@Nullable Outcome failure) {}

  /**
   * @param parallel how many seeds are run side by side, each on a thread of its own
   * @param progress told after each seed how many have been run; on any of those threads
   */
  public Campaign(Defect defect, int parallel, LongConsumer progress) {
    this.defect = defect;
    this.parallel = parallel;
    this.progress = progress;
  }

  /** Runs the seeds {@code from} to {@code from + count - 1}. */
  public Summary run(long from, long count) throws InterruptedException {
    var next = new AtomicLong(from);
    var done = new AtomicLong();
    var workers = new ArrayList<Worker>();
    for (int i = 0; i < parallel; i++) {
      workers.add(new Worker(next, done, from + count));
    }
    var threads = new ArrayList<Thread>();
    for (var worker : workers) {
      threads.add(Thread.ofPlatform().name("simulation").start(worker));
    }
    for (var thread : threads) {
      thread.join();
    }
    return summary(workers);
  }

  private static Summary summary(Iterable<Worker> workers) {
    var coverage = new Coverage();
    long seeds = 0;
    long steps = 0;
    Simulation.Outcome failure = null;
    for (var worker : workers) {
      if (worker.broken instanceof SimulationUnsupported unsupported) {
        throw unsupported;
      }
      if (worker.broken != null) {
        throw new IllegalStateException("a simulation broke", worker.broken);
      }
      coverage.add(worker.coverage);
      seeds += worker.seeds;
      steps += worker.steps;
      var found = worker.failure;
      if (found != null && (failure == null || found.seed() < failure.seed())) {
        failure = found;
      }
    }
    return new Summary(seeds, coverage, steps, failure);
  }

  private final class Worker implements Runnable {
    private final AtomicLong next;
    private final AtomicLong done;
    private final long end;
    private final Coverage coverage = new Coverage();
    private long seeds;
    private long steps;
    private Simulation.@Nullable Outcome failure;
    private @Nullable Throwable broken;

    Worker(AtomicLong next, AtomicLong done, long end) {
      this.next = next;
      this.done = done;
      this.end = end;
    }

    @Override
    public void run() {
      try {
        for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
          if (!runOne(seed)) {
            next.set(end);
          }
        }
      } catch (RuntimeException | Error e) {
        broken = e;
        next.set(end);
      }
    }

    private boolean runOne(long seed) {
      var outcome = Simulation.run(seed, defect);
      seeds++;
      steps += outcome.steps();
      coverage.add(outcome.coverage());
      progress.accept(done.incrementAndGet());
      if (outcome.violation() != null) {
        failure = outcome;
      }
      return outcome.violation() == null;
    }
  }
}
