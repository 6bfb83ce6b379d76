package io.dtm.testing.databases;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A running program with all that it forked. Signals go to these processes by their numbers and to
 * no others.
 */
final class ServerProcess {
  private static final Duration KILL_LIMIT = Duration.ofSeconds(20);

  private final Process process;

  private ServerProcess(Process process) {
    this.process = process;
  }

  /** Starts it inside the folder; what it prints goes to the folder's log. */
  static ServerProcess launch(List<String> command, ThrowAwayFolder folder) {
    try {
      return new ServerProcess(
          new ProcessBuilder(command)
              .directory(folder.path().toFile())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()))
              .start());
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot start " + command, failure);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Whether it ended within the limit. */
  boolean endsWithin(Duration limit) {
    return Deadline.await(limit, () -> !process.isAlive());
  }

  /** Whether it came to its end, and to a good one. */
  boolean hasSucceeded() {
    return !process.isAlive() && process.exitValue() == 0;
  }

  /** Asks the program itself, not what it forked. */
  void ask(String signal) {
    send(signal, Stream.of(process.toHandle()));
  }

  void pause() {
    // The parent first: while it stands still it forks nothing that the list would lack.
    ask("STOP");
    send("STOP", process.descendants());
  }

  void resume() {
    send("CONT", process.descendants());
    ask("CONT");
  }

  /** Returns when none of the processes runs any more. */
  void kill() {
    if (process.isAlive()) {
      ask("STOP");
    }
    var all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    if (!Deadline.await(KILL_LIMIT, () -> isOver(all))) {
      throw new IllegalStateException(
          "%s: not ended within %s of a SIGKILL".formatted(all, KILL_LIMIT));
    }
  }

  private boolean isOver(List<ProcessHandle> all) {
    return !process.isAlive() && all.stream().noneMatch(ServerProcess::runs);
  }

  private static void send(String signal, Stream<ProcessHandle> processes) {
    var pids = processes.map(handle -> Long.toString(handle.pid())).toList();
    if (!pids.isEmpty()) {
      // One may end before its signal comes: that is no failure.
      var unused =
          Command.run(List.of("sh", "-c", "kill -s " + signal + " " + String.join(" ", pids)));
    }
  }

  /** An ended orphan stays listed where the first process collects none: that one has ended too. */
  static boolean runs(ProcessHandle handle) {
    return handle.isAlive() && !isZombie(Path.of("/proc", Long.toString(handle.pid()), "stat"));
  }

  private static boolean isZombie(Path stat) {
    try {
      var line = Files.readString(stat);
      return line.startsWith("Z", line.lastIndexOf(')') + 2);
    } catch (IOException gone) {
      return false;
    }
  }
}
