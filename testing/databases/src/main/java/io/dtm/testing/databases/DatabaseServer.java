package io.dtm.testing.databases;

import java.util.OptionalLong;

/**
 * A real database server that a test may treat roughly. Whoever started it closes it; the end of
 * the JVM closes it too. For one thread at a time, except {@link #close}.
 */
public interface DatabaseServer extends AutoCloseable {
  String host();

  /** Stays the same for the server's whole life. */
  int port();

  /** The process of the running server; others may be its children. */
  long pid();

  /**
   * How often it has made something durable since it was started, in its own words: a commit that
   * carries the writes of many clients counts once. It may lag by a second. Empty where a server
   * does not count that.
   */
  OptionalLong durableCommits();

  /** Ends the server as an operator would, and returns when it has ended. */
  void stop();

  /** Ends the server with SIGKILL, at once and with all its processes. */
  void kill();

  /** Starts a stopped or killed server on the same port and folder; returns when it answers. */
  void startAgain();

  /** Stops the server and starts it again. */
  void restart();

  /** Freezes all the server's processes: connections stay open, nobody answers. */
  void pause();

  /** Lets a paused server go on. */
  void resume();

  /** Kills the server and deletes its folder; nothing is left of it. */
  @Override
  void close();
}
