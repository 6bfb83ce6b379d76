package io.dtm.server.store.rocksdb;

import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** Lets one writer at a time read versions and write the next ones. Thread-safe. */
final class WriteLock {
  private final ReentrantLock lock = new ReentrantLock();

  /** What is done while holding the lock. */
  @FunctionalInterface
  interface Body<T extends @Nullable Object> {
    T run() throws RocksDBException;
  }

  <T extends @Nullable Object> T holding(Body<T> body) throws RocksDBException {
    lock.lock();
    try {
      return body.run();
    } finally {
      lock.unlock();
    }
  }
}
