package io.dtm.server.store.rocksdb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder cannot hold a store: it cannot be made or written to, is damaged, or was written by
 * another version of the server.
 */
public final class StoreFolderUnusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreFolderUnusable(Path folder, String why, @Nullable Throwable cause) {
    super(
        "store folder %s: %s (set by Store.DataDir or STORE_DATA_DIR)".formatted(folder, why),
        cause);
  }
}
