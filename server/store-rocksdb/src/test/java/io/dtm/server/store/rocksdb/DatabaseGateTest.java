package io.dtm.server.store.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.StoreUnavailable;
import io.dtm.testing.store.testkit.SettableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;

final class DatabaseGateTest {
  private static final byte[] KEY = "key".getBytes(StandardCharsets.US_ASCII);

  private final SettableClock clock = new SettableClock();
  @TempDir private Path path;
  private StoreFolder folder;
  private DatabaseGate gate;

  @BeforeEach
  void open() {
    folder = StoreFolder.take(path);
    gate = new DatabaseGate(folder, RocksDbStoreConfig.defaults(), clock);
    gate.open();
  }

  @AfterEach
  void close() {
    gate.close();
    folder.close();
  }

  private Database opened() {
    return gate.read(database -> database);
  }

  private void write() {
    gate.<Void>write(database -> {
      try (var batch = new WriteBatch()) {
        batch.put(database.handle(Table.ENTRY), KEY, KEY);
        database.writeDurably(batch);
      }
      return null;
    });
  }

  private void failToWrite(Status.SubCode why) {
    assertThatThrownBy(() ->
            gate.write(database -> {
              var status = new Status(Status.Code.IOError, why, "While appending");
              throw new RocksDBException("While appending", status);
            }))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(path.toString(), "While appending")
        .hasMessageContaining(
            why == Status.SubCode.NoSpace ? "no space left on its disk" : "RocksDB failed");
  }

  @Test
  void opensTheDatabaseAnewAfterAFailedWrite() {
    write();
    var before = opened();
    failToWrite(Status.SubCode.NoSpace);
    assertThat(opened()).as("reads go on with the old one").isSameAs(before);

    write();

    assertThat(opened()).isNotSameAs(before);
    byte[] value = gate.read(database -> database.get(Table.ENTRY, KEY));
    assertThat(value).isEqualTo(KEY);
  }

  @Test
  void opensTheDatabaseAnewAtMostOnceASecond() {
    failToWrite(Status.SubCode.None);
    write();
    var first = opened();
    failToWrite(Status.SubCode.None);

    write();
    assertThat(opened()).isSameAs(first);

    clock.advance(Duration.ofSeconds(1));
    write();
    assertThat(opened()).isNotSameAs(first);
  }

  @Test
  void aFailedReadIsNoReasonToOpenAnew() {
    var before = opened();
    assertThatThrownBy(() ->
            gate.read(database -> {
              throw new RocksDBException("Corruption: block checksum mismatch");
            }))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("block checksum mismatch");

    write();

    assertThat(opened()).isSameAs(before);
  }

  @Test
  void aGateThatIsClosedStaysClosedAfterAFailedWrite() {
    failToWrite(Status.SubCode.None);
    gate.close();

    assertThatThrownBy(this::write)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("the store is closed");
  }
}
