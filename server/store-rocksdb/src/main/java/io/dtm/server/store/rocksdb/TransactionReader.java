package io.dtm.server.store.rocksdb;

import io.dtm.server.store.kit.Head;
import io.dtm.server.store.kit.RecordUnreadable;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads transactions on behalf of scans, which one unreadable record must not stop. Thread-safe.
 */
final class TransactionReader {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionReader.class);

  private final Path folder;
  private final TransactionTables tables;

  TransactionReader(Path folder, TransactionTables tables) {
    this.folder = folder;
    this.tables = tables;
  }

  /** The transaction with that key; empty, and an error in the log, when it cannot be read. */
  Optional<Stored> readIfReadable(Database database, View view, byte[] gid)
      throws RocksDBException {
    try {
      return Optional.ofNullable(tables.load(database, view, gid));
    } catch (RecordUnreadable e) {
      passOver(e);
      return Optional.empty();
    }
  }

  /**
   * The transaction that a key of a time index belongs to. The head is asked whether it does:
   * acting on a stale key would mean to take a transaction out of the hands of its node.
   */
  Optional<Stored> readByTime(Database database, View view, byte[] key) throws RocksDBException {
    var found = readIfReadable(database, view, Keys.gidOfTime(key));
    if (found.isPresent() && !TransactionTables.isCurrent(key, found.get().head())) {
      passOverStale(key);
      return Optional.empty();
    }
    return found;
  }

  /** The head of the transaction that a key of a time index belongs to, likewise. */
  Optional<Head> headByTime(Database database, View view, byte[] key) throws RocksDBException {
    try {
      var head = tables.head(database, view, Keys.gidOfTime(key));
      if (head != null && TransactionTables.isCurrent(key, head)) {
        return Optional.of(head);
      }
      passOverStale(key);
    } catch (RecordUnreadable e) {
      passOver(e);
    }
    return Optional.empty();
  }

  void passOverStale(byte[] key) {
    LOG.error(
        "store folder {}: passed over a stale index key of {} at {} (R1)",
        folder,
        Keys.gid(Keys.gidOfTime(key)),
        Keys.timeOf(key));
  }

  void passOver(RecordUnreadable e) {
    LOG.error("store folder {}: passed over a transaction: {}", folder, e.getMessage(), e);
  }
}
