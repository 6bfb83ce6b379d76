package io.dtm.cli.verify;

/** One way to call a participant. Thread-safe. */
interface Calls extends AutoCloseable {
  /** Calls once; whatever comes of it is an answer. */
  Answer call(Endpoint endpoint, String gid);

  @Override
  void close();
}
