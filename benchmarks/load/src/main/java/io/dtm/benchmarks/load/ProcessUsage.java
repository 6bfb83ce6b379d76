package io.dtm.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Processor time of processes, as Linux counts it, user and system. */
final class ProcessUsage {
  /** Clock ticks in /proc, on every Linux. */
  static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final int TIMES_WITH_ENDED_CHILDREN = 4;

  private ProcessUsage() {}

  /** Of that process alone; 0 when there is none. */
  static double cpuSeconds(long pid) {
    return ticks(pid, SYSTEM_TIME - USER_TIME + 1) / TICKS_PER_SECOND;
  }

  /** Of that process, of all that it started, and of those of them that have ended. */
  static double treeCpuSeconds(long pid) {
    var descendants =
        ProcessHandle.of(pid).map(ProcessHandle::descendants).orElseGet(Stream::empty);
    return Stream.concat(Stream.of(pid), descendants.map(ProcessHandle::pid))
            .mapToLong(each -> ticks(each, TIMES_WITH_ENDED_CHILDREN))
            .sum()
        / TICKS_PER_SECOND;
  }

  /** Resident memory in MiB; 0 when there is no such process. */
  static double residentMib(long pid) {
    try {
      return Files.readAllLines(folder(pid).resolve("status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024.0)
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }

  private static long ticks(long pid, int fields) {
    try {
      return Arrays.stream(fields(Files.readString(folder(pid).resolve("stat"))))
          .skip(USER_TIME)
          .limit(fields)
          .mapToLong(Long::parseLong)
          .sum();
    } catch (IOException ended) {
      return 0;
    }
  }

  /** Those behind the name, which may hold anything. */
  private static String[] fields(String stat) {
    return stat.substring(stat.lastIndexOf(')') + 2).strip().split(" ", -1);
  }

  private static Path folder(long pid) {
    return Path.of("/proc", Long.toString(pid));
  }
}
