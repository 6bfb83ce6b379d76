package io.dtm.server.store.rocksdb;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.Filter;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * An open RocksDB and everything it holds natively. Thread-safe but for {@link #close}: whoever
 * uses it after that, or meanwhile, takes the process down. {@link DatabaseGate} sees to it that
 * nobody does.
 */
final class Database implements AutoCloseable {
  private static final int BLOOM_BITS = 10;
  private static final long RECORD_BLOCK_BYTES = 16 << 10;
  private static final long RECORD_BUFFER_BYTES = 16 << 20;

  /**
   * Index buffers are small, because an entry that was written and deleted costs time to step over
   * until its buffer is written out: that is when the two cancel each other.
   */
  private static final long INDEX_BUFFER_BYTES = 4 << 20;

  private static final int OPEN_FILES_MAX = 512;
  private static final long INFO_LOG_BYTES_MAX = 1 << 20;
  private static final int INFO_LOGS_MAX = 3;
  private static final long MANIFEST_BYTES_MAX = 16 << 20;
  private static final int BACKGROUND_JOBS_MAX = 2;

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final RocksDB db;
  private final Map<Table, ColumnFamilyHandle> handles = new EnumMap<>(Table.class);
  private final WriteOptions synced;
  private final WriteOptions unsynced;

  /**
   * Opens the database in that folder, and makes it if it is not there. The native library is
   * loaded already.
   */
  Database(Path folder, RocksDbStoreConfig config) throws RocksDBException {
    try {
      var cache = own(new LRUCache(config.blockCacheBytes()));
      var filter = own(new BloomFilter(BLOOM_BITS));
      var descriptors = new ArrayList<ColumnFamilyDescriptor>();
      descriptors.add(
          new ColumnFamilyDescriptor(
              RocksDB.DEFAULT_COLUMN_FAMILY, own(new ColumnFamilyOptions())));
      for (var table : Table.values()) {
        descriptors.add(
            new ColumnFamilyDescriptor(table.nameBytes(), options(table, cache, filter)));
      }
      var opened = new ArrayList<ColumnFamilyHandle>();
      db = own(RocksDB.open(options(config), folder.toString(), descriptors, opened));
      opened.forEach(this::own);
      // The first is the default column family, which has to be there and stays empty.
      var handle = opened.listIterator(1);
      for (var table : Table.values()) {
        handles.put(table, handle.next());
      }
      synced = own(new WriteOptions().setSync(true));
      unsynced = own(new WriteOptions());
    } catch (RocksDBException | RuntimeException e) {
      closeOwned();
      throw e;
    }
  }

  private <T extends AutoCloseable> T own(T resource) {
    owned.push(resource);
    return resource;
  }

  private DBOptions options(RocksDbStoreConfig config) {
    return own(new DBOptions())
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setDbWriteBufferSize(config.writeBufferBytes())
        .setMaxTotalWalSize(config.logBytesMax())
        .setMaxBackgroundJobs(BACKGROUND_JOBS_MAX)
        .setMaxOpenFiles(OPEN_FILES_MAX)
        .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
        .setMaxLogFileSize(INFO_LOG_BYTES_MAX)
        .setKeepLogFileNum(INFO_LOGS_MAX)
        .setStatsDumpPeriodSec(0)
        .setBytesPerSync(1 << 20);
  }

  private ColumnFamilyOptions options(Table table, Cache cache, Filter filter) {
    var blocks =
        new BlockBasedTableConfig()
            .setBlockCache(cache)
            .setCacheIndexAndFilterBlocks(true)
            .setPinL0FilterAndIndexBlocksInCache(true)
            .setFormatVersion(5);
    var options =
        own(new ColumnFamilyOptions())
            .setCompressionType(CompressionType.LZ4_COMPRESSION)
            .setWriteBufferSize(table.isIndex() ? INDEX_BUFFER_BYTES : RECORD_BUFFER_BYTES);
    if (!table.isIndex()) {
      blocks.setFilterPolicy(filter).setBlockSize(RECORD_BLOCK_BYTES);
      options.setMemtablePrefixBloomSizeRatio(0.02).setMemtableWholeKeyFiltering(true);
    }
    return options.setTableFormatConfig(blocks);
  }

  byte @Nullable [] get(Table table, byte[] key) throws RocksDBException {
    return db.get(handle(table), key);
  }

  byte @Nullable [] get(Table table, byte[] key, ReadOptions options) throws RocksDBException {
    return db.get(handle(table), options, key);
  }

  RocksIterator iterator(Table table, ReadOptions options) {
    return db.newIterator(handle(table), options);
  }

  /** What is stored now, whatever is written later. */
  View view() {
    return new View(db);
  }

  /**
   * Writes all of it or nothing, and makes it durable, and everything written before it as well.
   */
  void writeDurably(WriteBatch batch) throws RocksDBException {
    db.write(synced, batch);
  }

  /**
   * Writes all of it or nothing. A crash of the machine may undo it, though never without undoing
   * all that was written after it; a crash of the process alone does not.
   */
  void write(WriteBatch batch) throws RocksDBException {
    db.write(unsynced, batch);
  }

  ColumnFamilyHandle handle(Table table) {
    return Objects.requireNonNull(handles.get(table));
  }

  RocksDB rocksDb() {
    return db;
  }

  /** Makes everything durable and gives all native memory back. */
  @Override
  public void close() throws RocksDBException {
    try {
      db.flushWal(true);
    } finally {
      db.cancelAllBackgroundWork(true);
      closeOwned();
    }
  }

  /** The last opened first: handles before the database, the database before its options. */
  private void closeOwned() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("native resource cannot be closed", e);
      }
    }
  }
}
