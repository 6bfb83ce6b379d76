package io.dtm.server.store.rocksdb;

import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads transactions on behalf of scans, which one unreadable record must not stop. Thread-safe. */
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

  /** The head of the transaction with that key; empty, and an error in the log, likewise. */
  Optional<Head> headIfReadable(Database database, View view, byte[] gid)
      throws RocksDBException {
    try {
      return Optional.ofNullable(tables.head(database, view, gid));
    } catch (RecordUnreadable e) {
      passOver(e);
      return Optional.empty();
    }
  }

  void passOver(RecordUnreadable e) {
    LOG.error("store folder {}: passed over a transaction: {}", folder, e.getMessage(), e);
  }
}
