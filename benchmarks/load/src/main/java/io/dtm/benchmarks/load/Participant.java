package io.dtm.benchmarks.load;

/** The service whose branches are called: says yes to everything, and counts what it is asked. */
interface Participant extends AutoCloseable {
  Address address();

  /** How long calls were in its hands, all together, from the last byte read to the answer. */
  long nanosAtWork();

  @Override
  void close();
}
