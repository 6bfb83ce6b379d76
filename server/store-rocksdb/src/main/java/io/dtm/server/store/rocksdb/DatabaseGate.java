package io.dtm.server.store.rocksdb;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.store.kit.RecordUnreadable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only way to the {@link Database}. Lets work in while the database is open, keeps it open
 * until the work is done, moves work off virtual threads, and turns what goes wrong into {@link
 * StoreUnavailable}. Thread-safe.
 *
 * <p>After a failed write RocksDB may refuse all further ones until it is opened anew; the gate
 * does that once the disk has room again, at most once a second, when something is to be written.
 */
final class DatabaseGate implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseGate.class);
  private static final Duration REPAIR_PAUSE = Duration.ofSeconds(1);
  private static final long REPAIR_FREE_BYTES_MIN = 16L << 20;

  private final StoreFolder folder;
  private final RocksDbStoreConfig config;
  private final InstantSource clock;
  private final NativeThreads readers;
  private final NativeThreads writers;

  /** Work holds the read lock; opening and closing the write lock. */
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private @Nullable Database database;
  private boolean closed;
  private volatile @Nullable RocksDBException failure;
  private volatile Instant lastRepair = Instant.MIN;

  /** Something done with the open database. */
  @FunctionalInterface
  interface Work<T extends @Nullable Object> {
    T with(Database database) throws RocksDBException;
  }

  DatabaseGate(StoreFolder folder, RocksDbStoreConfig config, InstantSource clock) {
    this.folder = folder;
    this.config = config;
    this.clock = clock;
    this.readers = new NativeThreads("rocksdb-read", config.readThreads());
    this.writers = new NativeThreads("rocksdb-write", 1);
  }

  /**
   * Opens the database.
   *
   * @throws StoreFolderUnusable when it cannot be opened
   */
  void open() {
    lock.writeLock().lock();
    try {
      NativeLibrary.load(folder.nativeLibrary());
      database = new Database(folder.database(), config);
    } catch (RocksDBException e) {
      throw new StoreFolderUnusable(
          folder.path(), "its database cannot be opened: " + e.getMessage(), e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Does something that only reads. */
  <T extends @Nullable Object> T read(Work<T> work) {
    return readers.run(() -> whileOpen(work, false));
  }

  /** Does something that may write. */
  <T extends @Nullable Object> T write(Work<T> work) {
    return writers.run(() -> {
      if (failure != null) {
        repair();
      }
      return whileOpen(work, true);
    });
  }

  private <T extends @Nullable Object> T whileOpen(Work<T> work, boolean mayWrite) {
    lock.readLock().lock();
    try {
      return work.with(openDatabase());
    } catch (RocksDBException e) {
      if (mayWrite) {
        failure = e;
      }
      throw unavailable(e);
    } catch (RecordUnreadable e) {
      throw new StoredRecordUnreadable(
          "store folder " + folder.path(), String.valueOf(e.getMessage()), e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private Database openDatabase() {
    var open = database;
    if (open != null) {
      return open;
    }
    var why = failure;
    throw closed || why == null
        ? new StoreUnavailable("store folder %s: the store is closed".formatted(folder.path()))
        : unavailable(why);
  }

  private StoreUnavailable unavailable(RocksDBException e) {
    var status = e.getStatus();
    if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
      return new StoreUnavailable(
          "store folder %s: no space left on its disk (%s); nothing is written until there is"
              .formatted(folder.path(), e.getMessage()),
          e);
    }
    return new StoreUnavailable(
        "store folder %s: RocksDB failed: %s".formatted(folder.path(), e.getMessage()), e);
  }

  /** Opens the database anew after a failed write, if there is hope. */
  private void repair() {
    lock.writeLock().lock();
    try {
      var now = clock.instant();
      if (closed || failure == null || now.isBefore(lastRepair.plus(REPAIR_PAUSE)) || !hasRoom()) {
        return;
      }
      lastRepair = now;
      LOG.warn("store folder {}: opening the database anew after a failed write", folder.path());
      closeDatabase();
      database = new Database(folder.database(), config);
      failure = null;
    } catch (RocksDBException e) {
      failure = e;
      throw unavailable(e);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private boolean hasRoom() {
    try {
      return folder.freeBytes() >= REPAIR_FREE_BYTES_MIN;
    } catch (IOException e) {
      LOG.warn("store folder {}: its free space is unknown", folder.path(), e);
      return false;
    }
  }

  private void closeDatabase() {
    var open = database;
    database = null;
    if (open == null) {
      return;
    }
    try {
      open.close();
    } catch (RocksDBException e) {
      // What was acknowledged is on the disk already; what was not may go.
      LOG.warn("store folder {}: the end of the log may be lost", folder.path(), e);
    }
  }

  /** Waits for work that runs, then closes the database. Work that comes later is refused. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      closeDatabase();
    } finally {
      lock.writeLock().unlock();
    }
    readers.close();
    writers.close();
  }
}
