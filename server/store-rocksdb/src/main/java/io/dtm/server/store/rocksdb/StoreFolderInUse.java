package io.dtm.server.store.rocksdb;

import java.nio.file.Path;

/** Another store, in this process or in another one, works on the folder. */
public final class StoreFolderInUse extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreFolderInUse(Path folder, Throwable cause) {
    super(message(folder), cause);
  }

  StoreFolderInUse(Path folder) {
    super(message(folder));
  }

  private static String message(Path folder) {
    return ("store folder %s: in use by another server (each server needs a folder of its own;"
            + " set Store.DataDir or STORE_DATA_DIR)")
        .formatted(folder);
  }
}
