package io.dtm.testing.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process holds, as the system counts it.
 *
 * @param threads of the platform
 * @param files open files and connections
 * @param residentMib memory
 */
record ProcessVitals(long threads, long files, long residentMib) {

  static ProcessVitals of(long pid) throws IOException {
    var folder = Path.of("/proc", Long.toString(pid));
    long threads = 0;
    long resident = 0;
    for (var line : Files.readAllLines(folder.resolve("status"))) {
      if (line.startsWith("Threads:")) {
        threads = number(line);
      }
      if (line.startsWith("VmRSS:")) {
        resident = number(line) / 1024;
      }
    }
    try (var files = Files.list(folder.resolve("fd"))) {
      return new ProcessVitals(threads, files.count(), resident);
    }
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D", ""));
  }
}
