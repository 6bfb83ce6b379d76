package io.dtm.server.store.rocksdb;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the machine code of RocksDB into this process, once. */
final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);

  private NativeLibrary() {}

  /**
   * Loads it by way of a copy in that folder. Left to itself RocksDB makes a copy of 17 MB under a
   * new name in the folder for temporary files, which a container often cannot write to, and every
   * killed process leaves one behind.
   */
  static void load(Path folder) {
    try {
      Files.createDirectories(folder);
      NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
    } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
      // The disk may forbid running code from it.
      LOG.warn(
          "{}: the native library of RocksDB cannot be loaded from here, trying elsewhere: {}",
          folder,
          e.toString());
    }
    RocksDB.loadLibrary();
  }
}
