package io.dtm.server.store.rocksdb;

/**
 * How much of the machine the store uses. Memory outside the Java heap is about the sum of the
 * block cache and the write buffers, plus some 20 MiB.
 *
 * @param readThreads threads that read for virtual threads, since a native call holds its carrier
 * @param blockCacheBytes memory for what was read lately, indexes and filters of files included
 * @param writeBufferBytes memory for what was written lately, all tables together
 * @param logBytesMax size of the write-ahead logs on disk, which are read again after a crash
 */
public record RocksDbStoreConfig(
    int readThreads, long blockCacheBytes, long writeBufferBytes, long logBytesMax) {
  public static final int READ_THREADS = 4;
  public static final long BLOCK_CACHE_BYTES = 32L << 20;
  public static final long WRITE_BUFFER_BYTES = 64L << 20;
  public static final long LOG_BYTES_MAX = 128L << 20;

  public RocksDbStoreConfig {
    requireAtLeast("readThreads", readThreads, 1);
    requireAtLeast("blockCacheBytes", blockCacheBytes, 1 << 20);
    requireAtLeast("writeBufferBytes", writeBufferBytes, 1 << 20);
    requireAtLeast("logBytesMax", logBytesMax, 1 << 20);
  }

  public static RocksDbStoreConfig defaults() {
    return new RocksDbStoreConfig(
        READ_THREADS, BLOCK_CACHE_BYTES, WRITE_BUFFER_BYTES, LOG_BYTES_MAX);
  }

  private static void requireAtLeast(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException("%s: %d (expected: >= %d)".formatted(name, value, min));
    }
  }
}
