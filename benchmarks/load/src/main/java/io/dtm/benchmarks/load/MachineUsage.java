package io.dtm.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this machine has done since it was started, as Linux counts it.
 *
 * @param busySeconds of all processors together, whoever used them
 * @param processors how many there are
 * @param diskBusySeconds time in which the busiest disk had something to do; flushes count apart
 *     there and are added
 * @param diskFlushes by all disks, for all processes: what a sync comes down to
 */
record MachineUsage(
    double busySeconds, int processors, double diskBusySeconds, double diskFlushes) {
  private static final Path STAT = Path.of("/proc/stat");
  private static final Path DISKS = Path.of("/proc/diskstats");

  /** Disks as a whole: no partitions, nor what is made of other disks or of memory. */
  private static final Pattern DISK =
      Pattern.compile("(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\\d+n\\d+|mmcblk\\d+)");

  private static final Pattern SPACE = Pattern.compile("\\s+");
  private static final int NAME = 2;
  private static final int BUSY_MILLIS = 12;
  private static final int FLUSHES = 18;
  private static final int FLUSH_MILLIS = 19;

  /** In the first line of /proc/stat: user, nice, system, irq, softirq. */
  private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7);

  static MachineUsage now() {
    try {
      return of(
          Files.readAllLines(STAT),
          Files.isReadable(DISKS) ? Files.readAllLines(DISKS) : List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /proc (expected: a Linux)", e);
    }
  }

  static MachineUsage of(List<String> stat, List<String> diskStats) {
    var times = SPACE.split(stat.getFirst(), -1);
    double busy = BUSY.stream().mapToDouble(i -> Double.parseDouble(times[i])).sum();
    int processors = (int) stat.stream().filter(line -> line.matches("cpu\\d.*")).count();
    var disks =
        diskStats.stream()
            .map(line -> SPACE.split(line.strip(), -1))
            .filter(fields -> DISK.matcher(fields[NAME]).matches())
            .toList();
    return new MachineUsage(
        busy / ProcessUsage.TICKS_PER_SECOND,
        processors,
        disks.stream().mapToDouble(MachineUsage::busyMillis).max().orElse(0) / 1_000,
        disks.stream().mapToDouble(fields -> number(fields, FLUSHES)).sum());
  }

  private static double busyMillis(String[] fields) {
    return number(fields, BUSY_MILLIS) + number(fields, FLUSH_MILLIS);
  }

  /** Older kernels have fewer columns. */
  private static double number(String[] fields, int index) {
    return Arrays.stream(fields).skip(index).limit(1).mapToDouble(Double::parseDouble).sum();
  }
}
