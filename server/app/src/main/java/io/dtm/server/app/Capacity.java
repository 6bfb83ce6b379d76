package io.dtm.server.app;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process can carry, by its heap and by the files it may open: no limit that an operator
 * has left at its default may be beyond it.
 *
 * @param heapBytes the largest heap there may be
 * @param files how many files and connections may be open at a time
 */
record Capacity(long heapBytes, long files) {
  /** Connections of both APIs together may take a quarter of the heap. */
  private static final int HEAP_PART = 4;

  private static final int APIS = 2;

  /** What an idle connection may take of the heap: an estimate on the safe side. */
  private static final long CONNECTION_BYTES = 16 * 1024;

  /** For the store's files, connections to participants, and libraries. */
  private static final long OTHER_FILES = 1_024;

  private static final int CONNECTIONS_MIN = 16;

  /** Of the running process. */
  static Capacity ofThisProcess() {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Long.MAX_VALUE;
    return new Capacity(Runtime.getRuntime().maxMemory(), files);
  }

  /** How many connections one API may have. */
  int connections(int wanted) {
    long byHeap = heapBytes / HEAP_PART / APIS / CONNECTION_BYTES;
    long byFiles = (files - OTHER_FILES) / APIS;
    long possible = Math.max(CONNECTIONS_MIN, Math.min(byHeap, byFiles));
    return (int) Math.min(wanted, possible);
  }

  /**
   * How many bytes may be in work.
   *
   * @param wanted 0: a quarter of the heap
   */
  long bytesInWork(int wanted) {
    return wanted > 0 ? wanted : heapBytes / HEAP_PART;
  }
}
