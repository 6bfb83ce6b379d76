package io.dtm.testing.databases;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all servers share: port, folder, processes, and an end that leaves nothing behind. */
abstract sealed class LocalServer implements DatabaseServer
    permits MariaDbServer, PostgreSqlServer, RedisServer {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final int PORT_TRIES_MAX = 5;

  private final String name;
  private final ThrowAwayFolder folder;
  private final Thread atJvmEnd;
  private final Object lock = new Object();
  private volatile FreePorts ports = FreePorts.NONE;
  private volatile @Nullable ServerProcess process;
  private boolean closed;

  LocalServer(String name) {
    this.name = name;
    this.folder = ThrowAwayFolder.create(name);
    this.atJvmEnd = new Thread(this::vanish, "end of " + name);
  }

  /** Fills the new folder with what the server needs to start. */
  abstract void prepare();

  abstract List<String> command(FreePorts ports);

  /** Whether this very server answers: another may listen where this one could not. */
  abstract boolean answers(long pid);

  /** The signal that asks for a clean end, whoever is connected. */
  abstract String stopSignal();

  final ThrowAwayFolder folder() {
    return folder;
  }

  final FreePorts ports() {
    return ports;
  }

  /** The first start, to be called once; when it fails nothing is left behind. */
  final void open() {
    open(FreePorts.choose());
  }

  /** Begins with these ports, and takes others when somebody else has them by then. */
  final void open(FreePorts first) {
    ports = first;
    Runtime.getRuntime().addShutdownHook(atJvmEnd);
    try {
      prepare();
      startOnFreePort();
    } catch (RuntimeException failure) {
      close();
      throw failure;
    }
  }

  private void startOnFreePort() {
    for (var tries = 1; tries < PORT_TRIES_MAX; tries++) {
      var running = launch(command(ports));
      if (becomesReady(running)) {
        return;
      }
      if (running.isRunning() || ports.areFree()) {
        throw notStarted(running);
      }
      // Somebody took the port between the look and the start.
      ports = FreePorts.choose();
    }
    startAgain();
  }

  @Override
  public final String host() {
    return "127.0.0.1";
  }

  @Override
  public final int port() {
    return ports.forClients();
  }

  @Override
  public final long pid() {
    return running().pid();
  }

  @Override
  public final void startAgain() {
    var before = process;
    if (before != null && before.isRunning()) {
      throw new IllegalStateException(this + ": already running (expected: stopped or killed)");
    }
    var running = launch(command(ports));
    if (!becomesReady(running)) {
      throw notStarted(running);
    }
  }

  @Override
  public final void stop() {
    var running = process;
    if (running == null || !running.isRunning()) {
      return;
    }
    running.resume();
    running.ask(stopSignal());
    if (!running.endsWithin(STOP_LIMIT)) {
      throw new IllegalStateException(
          "%s: not stopped within %s; its log ends:\n%s"
              .formatted(this, STOP_LIMIT, folder.tailOfLog()));
    }
  }

  @Override
  public final void kill() {
    var running = process;
    if (running != null) {
      running.kill();
    }
  }

  @Override
  public final void restart() {
    stop();
    startAgain();
  }

  @Override
  public final void pause() {
    running().pause();
  }

  @Override
  public final void resume() {
    running().resume();
  }

  @Override
  public final void close() {
    vanish();
    try {
      var unused = Runtime.getRuntime().removeShutdownHook(atJvmEnd);
    } catch (IllegalStateException ending) {
      // The JVM is ending: its hook does what was just done, to no effect.
    }
  }

  @Override
  public final String toString() {
    return "%s on port %d in %s".formatted(name, port(), folder.path());
  }

  /** Runs a program to its end as part of the preparation; its output goes to the server's log. */
  final void runFully(List<String> command) {
    var running = launch(command);
    var ended = running.endsWithin(START_LIMIT);
    if (!ended || !running.hasSucceeded()) {
      throw notStarted(running);
    }
  }

  private void vanish() {
    synchronized (lock) {
      closed = true;
    }
    kill();
    folder.delete();
  }

  /** Nothing is launched once closed, so that the end of the JVM overlooks no process. */
  private ServerProcess launch(List<String> command) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException(this + ": closed (expected: open)");
      }
      var launched = ServerProcess.launch(command, folder);
      process = launched;
      return launched;
    }
  }

  private boolean becomesReady(ServerProcess running) {
    var settled = Deadline.await(START_LIMIT, () -> !running.isRunning() || answers(running.pid()));
    return settled && running.isRunning();
  }

  private IllegalStateException notStarted(ServerProcess running) {
    var how = running.isRunning() ? "does not answer within " + START_LIMIT : "ended";
    running.kill();
    return new IllegalStateException(
        "%s: not started: it %s; its log ends:\n%s".formatted(this, how, folder.tailOfLog()));
  }

  private ServerProcess running() {
    var running = process;
    if (running == null || !running.isRunning()) {
      throw new IllegalStateException(this + ": not running (expected: running)");
    }
    return running;
  }
}
