package io.dtm.testing.store.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that set off at the same moment. */
public final class Crowd {
  private static final int PATIENCE_SECONDS = 120;

  private Crowd() {}

  /** Runs each task on a thread of its own and gives back what they returned, in order. */
  public static <T> List<T> run(List<Callable<T>> tasks) throws Exception {
    var barrier = new CyclicBarrier(tasks.size());
    try (var executor = Executors.newFixedThreadPool(tasks.size())) {
      var futures = new ArrayList<Future<T>>();
      for (var task : tasks) {
        futures.add(
            executor.submit(() -> {
              barrier.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
              return task.call();
            }));
      }
      var results = new ArrayList<T>();
      for (var future : futures) {
        results.add(future.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
