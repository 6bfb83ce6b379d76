package io.dtm.cache;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A thread that waits for a future and meanwhile runs what belongs to it: a blocking fetch calls
 * its loader on the caller's own thread, with all that is bound to that.
 */
final class CallerThread implements Executor {
  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private volatile boolean isGone;

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (isGone) {
      runWhatIsLeft();
    }
  }

  /**
   * To be asked by each task: the caller was interrupted and has left, so nobody wants what the
   * task would do.
   */
  void requirePresent() {
    if (isGone) {
      throw new CallerGone();
    }
  }

  <T> T runUntilDone(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
    var unused = future.whenComplete((value, failure) -> tasks.add(() -> {}));
    try {
      while (!future.isDone()) {
        tasks.take().run();
      }
      return future.get();
    } finally {
      isGone = true;
      runWhatIsLeft();
    }
  }

  /** Lets tasks that came too late find out about that. */
  private void runWhatIsLeft() {
    for (var task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }
}
