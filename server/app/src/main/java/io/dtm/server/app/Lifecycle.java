package io.dtm.server.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been opened so far, to be closed in reverse order: when the server is stopped, or when
 * its start fails half-way. Not thread-safe.
 */
final class Lifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> opened = new ArrayDeque<>();

  private record Part(String name, Runnable close) {}

  /** Remembers how to undo what was just done. */
  void onClose(String name, Runnable close) {
    opened.push(new Part(name, close));
  }

  /** Closes everything, whatever fails on the way. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      var part = opened.pop();
      try {
        part.close().run();
      } catch (RuntimeException e) {
        LOG.error("{} could not be closed", part.name(), e);
      }
    }
  }
}
