package io.dtm.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Whose allocations are counted. */
class WatchedTest {
  private static final int ARRAY = 1 << 16;
  private static final int ARRAYS = 1_000;
  private static final long BYTES = (long) ARRAY * ARRAYS;

  private final Watched watched = new Watched();

  /** Kept, so that no compiler leaves the allocations out. */
  private volatile byte[] last = {};

  private void allocate() {
    for (int i = 0; i < ARRAYS; i++) {
      last = new byte[ARRAY];
    }
  }

  @Test
  void whatAVirtualThreadAllocatesIsCounted() throws Exception {
    long before = watched.allocatedByOthers();

    Thread.ofVirtual().start(this::allocate).join();

    assertThat(last).hasSize(ARRAY);
    assertThat(watched.allocatedByOthers() - before).isBetween(BYTES, BYTES * 2);
  }

  @Test
  void whatAThreadOfThePlatformHasAllocatedIsCountedAfterItsEnd() throws Exception {
    long before = watched.allocatedByOthers();

    var thread = Thread.ofPlatform().start(this::allocate);
    thread.join();

    assertThat(watched.allocatedByOthers() - before).isBetween(BYTES, BYTES * 2);
  }

  @Test
  void whatTheMeasurementItselfAllocatesIsNotCounted() throws Exception {
    var running = new CountDownLatch(1);
    var over = new CountDownLatch(1);
    var ends = watched.thread("ends", this::allocate);
    var stays =
        watched.thread(
            "stays",
            () -> {
              allocate();
              running.countDown();
              await(over);
            });
    long before = watched.allocatedByOthers();

    ends.start();
    ends.join();
    stays.start();
    running.await();
    allocate();

    assertThat(watched.allocatedByOthers() - before).isLessThan(BYTES / 2);
    over.countDown();
    stays.join();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
