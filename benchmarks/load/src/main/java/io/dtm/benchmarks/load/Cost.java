package io.dtm.benchmarks.load;

/**
 * What a server has cost since it was started. What cannot be known is not a number.
 *
 * @param serverCpuSeconds user and system
 * @param allocatedBytes by the server, if it is a JVM
 * @param databaseCpuSeconds of the database that was started for it
 * @param durableCommits that this database counts; many writes may share one
 * @param diskFlushes of the whole machine
 */
record Cost(
    double serverCpuSeconds,
    double allocatedBytes,
    double databaseCpuSeconds,
    double durableCommits,
    double diskFlushes) {

  Cost minus(Cost before) {
    return new Cost(
        serverCpuSeconds - before.serverCpuSeconds,
        allocatedBytes - before.allocatedBytes,
        databaseCpuSeconds - before.databaseCpuSeconds,
        durableCommits - before.durableCommits,
        diskFlushes - before.diskFlushes);
  }
}
