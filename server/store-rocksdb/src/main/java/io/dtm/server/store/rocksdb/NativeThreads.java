package io.dtm.server.store.rocksdb;

import io.dtm.server.core.StoreUnavailable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;

/**
 * A few platform threads that call native code for virtual threads. A native call holds the carrier
 * of a virtual thread until it returns, and there are only as many carriers as processors: a
 * handful of slow reads would stop everything else that runs. Thread-safe.
 */
final class NativeThreads implements AutoCloseable {
  private final ExecutorService executor;

  /** One permit per thread: who finds none waits here, on a virtual thread, and not in a queue. */
  private final Semaphore idle;

  /** Threads start when they are first needed, and are named {@code name-0}, {@code name-1}, … */
  NativeThreads(String name, int count) {
    ThreadFactory factory = Thread.ofPlatform().name(name + "-", 0).daemon().factory();
    this.executor = Executors.newFixedThreadPool(count, factory);
    this.idle = new Semaphore(count);
  }

  /** Runs the work on the calling thread if that is a platform thread, else on one of ours. */
  <T> T run(Supplier<T> work) {
    if (!Thread.currentThread().isVirtual()) {
      return work.get();
    }
    try {
      idle.acquire();
      return handOver(work).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while waiting for the store", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException("work of the store ended unexpectedly", e);
    }
  }

  private <T> CompletableFuture<T> handOver(Supplier<T> work) {
    var result = new CompletableFuture<T>();
    try {
      executor.execute(() -> {
        // Given back here, since who waits for the result may be interrupted and gone.
        try {
          result.complete(work.get());
        } catch (RuntimeException | Error e) {
          result.completeExceptionally(e);
        } finally {
          idle.release();
        }
      });
    } catch (RejectedExecutionException e) {
      idle.release();
      throw new StoreUnavailable("the store is closed", e);
    }
    return result;
  }

  /** Lets running work end, and takes no more. */
  @Override
  public void close() {
    executor.shutdown();
  }
}
