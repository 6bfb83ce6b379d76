package io.dtm.server.app;

import java.nio.file.Path;
import java.util.List;

/**
 * Where transactions are kept.
 *
 * @param driver {@link #ROCKSDB} or {@link #MEMORY}
 * @param dataDir folder of the embedded store; unused in memory
 */
public record StoreConfig(String driver, Path dataDir) {
  public static final String ROCKSDB = "rocksdb";
  public static final String MEMORY = "memory";

  /** The reference's embedded store: whoever asks for it gets ours. */
  static final String BOLTDB = "boltdb";

  public StoreConfig {
    driver = driver.equals(BOLTDB) ? ROCKSDB : driver;
    if (!List.of(ROCKSDB, MEMORY).contains(driver)) {
      throw new IllegalArgumentException(
          "driver: %s (expected: %s or %s)".formatted(driver, ROCKSDB, MEMORY));
    }
  }

  public static StoreConfig inMemory() {
    return new StoreConfig(MEMORY, Path.of("."));
  }

  public static StoreConfig in(Path dataDir) {
    return new StoreConfig(ROCKSDB, dataDir);
  }

  /** For messages: the driver, and the folder where there is one. */
  public String describe() {
    return driver.equals(MEMORY) ? driver : driver + " in " + dataDir.toAbsolutePath().normalize();
  }
}
