package io.dtm.server.store.rocksdb;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The folder of a store: taken by one process at a time, and known to hold a format that we read
 * before anything in it is touched. It has a {@code lock} file, a {@code format} file, the database
 * in {@code db}, and the machine code that runs it in {@code native}.
 */
final class StoreFolder implements AutoCloseable {
  /** The layout of tables and keys. Records have a version of their own. */
  static final int FORMAT = 2;

  static final String FORMAT_FILE = "format";
  private static final String FORMAT_PREFIX = "dtm rocksdb store, format ";
  private static final int FORMAT_LENGTH_MAX = 200;

  private final Path folder;
  private final FileChannel lock;

  private StoreFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes the folder if need be, and takes it until it is closed.
   *
   * @throws StoreFolderInUse when somebody else has it
   * @throws StoreFolderUnusable when it cannot be used, whoever has it
   */
  static StoreFolder take(Path folder) {
    try {
      makeDurably(folder);
    } catch (IOException e) {
      throw new StoreFolderUnusable(folder, "cannot be created: " + e, e);
    }
    var taken = new StoreFolder(folder, lock(folder));
    try {
      taken.checkFormat();
      return taken;
    } catch (RuntimeException e) {
      taken.close();
      throw e;
    }
  }

  private static FileChannel lock(Path folder) {
    try {
      var channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel, folder)) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw new StoreFolderUnusable(folder, "cannot be written to: " + e, e);
    }
    throw new StoreFolderInUse(folder);
  }

  private static boolean isLocked(FileChannel channel, Path folder) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another store of this very process: the lock is held by the process as a whole.
      channel.close();
      throw new StoreFolderInUse(folder, e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void checkFormat() {
    try {
      var file = folder.resolve(FORMAT_FILE);
      var found = read(file);
      if (found.isEmpty()) {
        requireNoDatabase();
        write(file);
        makeDurably(database());
      } else if (!found.equals(FORMAT_PREFIX + FORMAT)) {
        throw new StoreFolderUnusable(
            folder, "found '%s' (supported: '%s%d')".formatted(found, FORMAT_PREFIX, FORMAT), null);
      }
    } catch (IOException e) {
      throw new StoreFolderUnusable(folder, "its format file cannot be read or written: " + e, e);
    }
  }

  private static String read(Path file) throws IOException {
    try {
      var text = Files.readString(file).strip();
      return text.substring(0, Math.min(text.length(), FORMAT_LENGTH_MAX));
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private void requireNoDatabase() {
    if (Files.exists(database().resolve("CURRENT"))) {
      throw new StoreFolderUnusable(
          folder,
          "has a database, but no format file (expected: '%s%d')".formatted(FORMAT_PREFIX, FORMAT),
          null);
    }
  }

  private void write(Path file) throws IOException {
    // By way of another name, so that a crash leaves either the whole file or none.
    var draft = folder.resolve(FORMAT_FILE + ".new");
    Files.writeString(
        draft,
        FORMAT_PREFIX + FORMAT + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    forceNames(folder);
  }

  /** Makes a folder, and those above it that are not there, so that a crash does not undo it. */
  private static void makeDurably(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    var parent = folder.getParent();
    if (parent != null) {
      makeDurably(parent);
    }
    Files.createDirectory(folder);
    if (parent != null) {
      forceNames(parent);
    }
  }

  /** Makes the names in a folder durable; RocksDB does so for its own folder, but not above it. */
  private static void forceNames(Path folder) throws IOException {
    // Elsewhere a folder cannot be opened, and its names need no such care.
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  Path database() {
    return folder.resolve("db");
  }

  /** For the copy of the native library that is loaded; of no use once the process has ended. */
  Path nativeLibrary() {
    return folder.resolve("native");
  }

  Path path() {
    return folder;
  }

  /** Bytes that may still be written to the disk of the folder. */
  long freeBytes() throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StoreFolderUnusable(folder, "its lock cannot be released: " + e, e);
    }
  }
}
