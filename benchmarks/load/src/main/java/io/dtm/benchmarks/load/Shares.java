package io.dtm.benchmarks.load;

/**
 * Which part of a turn each thing was in use. Not a number where that cannot be known.
 *
 * @param processor of all processors together, whoever used them
 * @param server the server's part of the processors
 * @param database its database's part
 * @param load that of this process: the clients and the participant
 * @param disk time in which the busiest disk had something to do
 * @param participant of the mean latency of a flow: time in which a call was in its hands
 * @param network of the mean latency of a flow: as many round trips as it has, each as long as one
 *     to the idle server
 */
record Shares(
    double processor,
    double server,
    double database,
    double load,
    double disk,
    double participant,
    double network) {

  /** What is left of the processors for others. */
  double others() {
    return Math.max(0, processor - zeroIfUnknown(server) - zeroIfUnknown(database) - load);
  }

  static double zeroIfUnknown(double share) {
    return Double.isNaN(share) ? 0 : share;
  }
}
