package io.dtm.testing.databases;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A short program that runs to its end: a database's client, or {@code kill}. */
final class Command {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final File NOTHING = new File("/dev/null");

  private Command() {}

  /** What came of it; the text is what it printed, errors too. */
  record Outcome(boolean succeeded, String text) {}

  /** Runs it; one that is not done within the limit is killed and has failed. */
  static Outcome run(List<String> command) {
    try {
      var process =
          new ProcessBuilder(command).redirectErrorStream(true).redirectInput(NOTHING).start();
      try {
        // Read after the end only: what these programs print is far shorter than a pipe holds.
        var ended = process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
          return new Outcome(false, "no end within " + LIMIT);
        }
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.exitValue() == 0, text.strip());
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot run " + command, failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, interruption);
    }
  }

  /** What it printed; a failure is an exception with that text. */
  static String output(List<String> command) {
    var outcome = run(command);
    if (!outcome.succeeded()) {
      throw new IllegalStateException("%s: failed: %s".formatted(command, outcome.text()));
    }
    return outcome.text();
  }
}
