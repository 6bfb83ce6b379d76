package io.dtm.server.engine;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the writes of many transactions durable together: while the store commits one batch, the
 * next one gathers, without any added delay. Thread-safe.
 */
final class GroupCommit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final TransactionStore store;
  private final int batchMax;
  private final Semaphore places;
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
  private final List<Thread> writers;
  private volatile boolean closed;

  private sealed interface Entry {
    record Pending(WriteCommand command, CompletableFuture<WriteOutcome> outcome)
        implements Entry {}

    /** Has the writer look whether it is to end. */
    record WakeUp() implements Entry {}
  }

  /**
   * @param pendingMax writes that may wait; beyond it {@link #write} blocks
   * @param batchMax writes in one batch at most
   * @param writers batches that are written at once at most
   */
  GroupCommit(
      TransactionStore store, int pendingMax, int batchMax, int writers, EngineThreads threads) {
    this.store = store;
    this.batchMax = batchMax;
    this.places = new Semaphore(pendingMax);
    this.writers =
        IntStream.rangeClosed(1, writers)
            .mapToObj(i -> threads.storeThread("group-commit-" + i, this::writeBatches))
            .toList();
  }

  void start() {
    writers.forEach(Thread::start);
  }

  /**
   * Carries out one write and returns once it is durable.
   *
   * @throws StoreUnavailable when the store failed, so that the write may have happened or not
   */
  WriteOutcome write(WriteCommand command) {
    var pending = new Entry.Pending(command, new CompletableFuture<>());
    try {
      places.acquire();
      if (closed) {
        places.release();
        throw shuttingDown();
      }
      queue.add(pending);
      if (closed && queue.remove(pending)) {
        places.release();
        throw shuttingDown();
      }
      return pending.outcome.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable("interrupted while waiting to write", e);
    } catch (CompletionException e) {
      var cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new StoreUnavailable(String.valueOf(cause.getMessage()), cause);
    }
  }

  private static StoreUnavailable shuttingDown() {
    return new StoreUnavailable("the server is shutting down");
  }

  private void writeBatches() {
    var entries = new ArrayList<Entry>(batchMax);
    while (!closed || !queue.isEmpty()) {
      if (gather(entries)) {
        writeBatch(
            entries.stream()
                .filter(Entry.Pending.class::isInstance)
                .map(Entry.Pending.class::cast)
                .toList());
        entries.clear();
      }
    }
    // The next writer may be waiting for an entry that will never come.
    queue.add(new Entry.WakeUp());
  }

  /** Waits for an entry and takes all that are there. */
  private boolean gather(List<Entry> entries) {
    try {
      entries.add(queue.take());
      queue.drainTo(entries, batchMax - 1);
      return true;
    } catch (InterruptedException e) {
      LOG.warn("{} was interrupted; it ends only when closed", Thread.currentThread().getName(), e);
      return false;
    }
  }

  private void writeBatch(List<Entry.Pending> batch) {
    if (batch.isEmpty()) {
      return;
    }
    places.release(batch.size());
    try {
      var outcomes = store.apply(batch.stream().map(Entry.Pending::command).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).outcome.complete(outcomes.get(i));
      }
    } catch (RuntimeException | Error e) {
      // Whoever waits must learn of it, whatever it is; they decide what to log.
      batch.forEach(pending -> pending.outcome.completeExceptionally(e));
    }
  }

  /** Writes what is queued, then ends. Later writes are refused. */
  @Override
  public void close() {
    closed = true;
    try {
      queue.add(new Entry.WakeUp());
      for (var writer : writers) {
        writer.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
