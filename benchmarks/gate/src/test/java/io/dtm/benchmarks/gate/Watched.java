package io.dtm.benchmarks.gate;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells what the server allocates from what the measurement itself does, in one JVM: all threads
 * together, less those that were started here. The JVM counts by the threads of the platform, so
 * what virtual threads allocate is counted with their carriers. Thread-safe.
 */
final class Watched {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Set<Thread> own = new HashSet<>();
  private long allocatedByEnded;

  /** A thread of the measurement. */
  Thread thread(String name, Runnable work) {
    var thread =
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .unstarted(() -> {
              try {
                work.run();
              } finally {
                end();
              }
            });
    begin(thread);
    return thread;
  }

  private synchronized void begin(Thread thread) {
    own.add(thread);
  }

  /** Of a thread that has ended nobody can tell any more. */
  private synchronized void end() {
    own.remove(Thread.currentThread());
    allocatedByEnded += THREADS.getCurrentThreadAllocatedBytes();
  }

  /** How many bytes all others have allocated since the start of the JVM. */
  synchronized long allocatedByOthers() {
    // First what is taken away: what is allocated in between counts against the server.
    long ours = own.stream().mapToLong(thread -> bytes(thread.threadId())).sum();
    long here = THREADS.getCurrentThreadAllocatedBytes();
    return THREADS.getTotalThreadAllocatedBytes() - ours - here - allocatedByEnded;
  }

  /** Of a thread that has not begun nothing is known. */
  private static long bytes(long thread) {
    return Math.max(0, THREADS.getThreadAllocatedBytes(thread));
  }
}
