package io.dtm.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One thread that waits for many sockets: the load and the participant are to cost as little as
 * possible on a machine that they share with the server.
 */
final class EventLoop implements AutoCloseable {
  /** How often {@link #onTick} looks, when nothing else happens. */
  private static final long TICK_MILLIS = 200;

  private static final Duration END_LIMIT = Duration.ofSeconds(5);

  private final Selector selector;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Runnable> ticks = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  /** Whoever waits for a socket. Called by the loop's thread only. */
  interface Handler {
    void ready(SelectionKey key);
  }

  private EventLoop(String name, Selector selector) {
    this.selector = selector;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  static EventLoop start(String name) {
    try {
      var loop = new EventLoop(name, Selector.open());
      loop.thread.start();
      return loop;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs it on the loop's thread: now when that is the caller, else soon. */
  void execute(Runnable task) {
    if (thread.equals(Thread.currentThread())) {
      task.run();
      return;
    }
    tasks.add(task);
    selector.wakeup();
  }

  /** Runs it on the loop's thread several times a second. */
  void onTick(Runnable task) {
    ticks.add(task);
  }

  /** On the loop's thread only. */
  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, handler);
  }

  private void run() {
    long nextTick = 0;
    while (!closed) {
      try {
        selector.select(key -> ((Handler) key.attachment()).ready(key), TICK_MILLIS);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      for (var task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
      var now = System.nanoTime();
      if (now - nextTick >= 0) {
        nextTick = now + Duration.ofMillis(TICK_MILLIS).toNanos();
        ticks.forEach(Runnable::run);
      }
    }
  }

  /** Ends the thread and closes every socket. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      var unused = thread.join(END_LIMIT);
      for (var key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
