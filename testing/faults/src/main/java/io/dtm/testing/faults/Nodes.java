package io.dtm.testing.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Server processes over one store, each on ports of its own for as long as the test lasts. One that
 * ends is started again, as a supervisor would: a server gives up when it finds no database.
 * Thread-safe.
 */
final class Nodes implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final String storeUrl;
  private final Map<String, String> settings;
  private final Path folder;
  private final HttpClient client;
  private final List<ServerProcess.Ports> ports = new ArrayList<>();
  private final List<ServerProcess> started = new ArrayList<>();
  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private boolean closed;

  Nodes(String storeUrl, Map<String, String> settings, Path folder, HttpClient client) {
    this.storeUrl = storeUrl;
    this.settings = Map.copyOf(settings);
    this.folder = folder;
    this.client = client;
  }

  /** Starts so many, and waits for nothing. */
  synchronized void start(int count) {
    for (int i = 0; i < count; i++) {
      ports.add(ServerProcess.Ports.free());
      started.add(launch(i));
    }
    var unused =
        supervisor.scheduleWithFixedDelay(
            this::startMissing, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until all answer. */
  void awaitAll() throws Exception {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    for (int i = 0; i < ports.size(); i++) {
      while (!get(i).answers(client)) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("node %d does not answer".formatted(i));
        }
        TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
      }
    }
  }

  /** Waits until one of them answers. */
  void awaitAny() throws Exception {
    var deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      for (int i = 0; i < ports.size(); i++) {
        if (get(i).answers(client)) {
          return;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("no node answers (expected: one of %s)".formatted(ports));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
  }

  List<ServerProcess.Ports> ports() {
    return List.copyOf(ports);
  }

  synchronized ServerProcess get(int node) {
    return started.get(node);
  }

  /** Any one that runs; waits for one. */
  ServerProcess any(Random random) throws InterruptedException {
    while (true) {
      var running = running();
      if (!running.isEmpty()) {
        return running.get(random.nextInt(running.size()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
  }

  private synchronized List<ServerProcess> running() {
    return started.stream().filter(ServerProcess::isRunning).toList();
  }

  private synchronized void startMissing() {
    for (int i = 0; i < started.size() && !closed; i++) {
      if (!started.get(i).isRunning()) {
        started.set(i, launch(i));
      }
    }
  }

  private ServerProcess launch(int node) {
    try {
      return ServerProcess.launch(
          ServerProcess.Program.SERVER,
          storeUrl,
          settings,
          folder.resolve("node-" + node + ".log"),
          ports.get(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    supervisor.shutdownNow();
    started.forEach(ServerProcess::close);
  }
}
