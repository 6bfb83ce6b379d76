package io.dtm.server.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.testing.store.testkit.SettableClock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreFolderTest {
  @TempDir private Path folder;

  private static RocksDbTransactionStore open(Path folder) {
    return RocksDbTransactionStore.open(folder, new SettableClock(), RocksDbStoreConfig.defaults());
  }

  @Test
  void makesTheFolderAndThoseAboveIt() {
    var deep = folder.resolve("a/b/c");

    open(deep).close();

    assertThat(deep.resolve("format")).hasContent("dtm rocksdb store, format 2");
  }

  @Test
  void refusesASecondOpener() {
    try (var first = open(folder)) {
      assertThat(first).isNotNull();

      assertThatThrownBy(() -> open(folder))
          .isInstanceOf(StoreFolderInUse.class)
          .hasMessageContainingAll(folder.toString(), "Store.DataDir", "STORE_DATA_DIR");
    }
  }

  @Test
  void isFreeAgainAfterClose() {
    open(folder).close();

    open(folder).close();
  }

  @Test
  void isFreeAgainAfterARefusal() throws Exception {
    Files.writeString(folder.resolve("format"), "dtm rocksdb store, format 3\n");
    assertThatThrownBy(() -> open(folder)).isInstanceOf(StoreFolderUnusable.class);
    Files.delete(folder.resolve("format"));

    open(folder).close();
  }

  @Test
  void refusesAFolderThatCannotBeMade() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "in the way");

    assertThatThrownBy(() -> open(file.resolve("store")))
        .isInstanceOf(StoreFolderUnusable.class)
        .hasMessageContainingAll(file.toString(), "cannot be created", "Store.DataDir");
  }

  @Test
  void refusesAFolderThatCannotBeWrittenTo() throws Exception {
    // Not by permissions, which do not bind an administrator.
    Files.createDirectory(folder.resolve("lock"));

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreFolderUnusable.class)
        .hasMessageContainingAll(folder.toString(), "cannot be written to");
  }

  @Test
  void refusesANewerFormat() throws Exception {
    open(folder).close();
    Files.writeString(folder.resolve("format"), "dtm rocksdb store, format 3\n");

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreFolderUnusable.class)
        .hasMessageContaining(
            "found 'dtm rocksdb store, format 3' (supported: 'dtm rocksdb store, format 2')");
  }

  @Test
  void refusesADatabaseWithoutFormatFile() throws Exception {
    open(folder).close();
    Files.delete(folder.resolve("format"));

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreFolderUnusable.class)
        .hasMessageContaining("has a database, but no format file");
  }

  @Test
  void refusesADamagedDatabase() throws Exception {
    open(folder).close();
    Files.writeString(folder.resolve("db/CURRENT"), "nonsense\n");

    assertThatThrownBy(() -> open(folder))
        .isInstanceOf(StoreFolderUnusable.class)
        .hasMessageContainingAll(folder.toString(), "cannot be opened");
  }
}
