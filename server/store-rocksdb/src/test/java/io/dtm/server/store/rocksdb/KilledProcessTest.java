package io.dtm.server.store.rocksdb;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there after the process was killed in the middle of its work. */
final class KilledProcessTest {
  private static final int ACKNOWLEDGED_MIN = 400;

  @TempDir private Path folder;

  private static RocksDbTransactionStore open(Path folder) {
    return RocksDbTransactionStore.open(
        folder, InstantSource.system(), RocksDbStoreConfig.defaults());
  }

  /** The process that is killed: creates, claims and finishes, and says what was acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      var store = open(Path.of(arguments[0]));
      for (int round = 0; ; round++) {
        var created = new ArrayList<GlobalTransaction>();
        for (int i = 0; i < 5; i++) {
          var now = InstantSource.system().instant();
          created.add(
              aSaga("saga-%d-%d".formatted(round, i))
                  .step("debit", "credit")
                  .createdAt(now)
                  .claimedBy("writer", now.plusSeconds(600))
                  .build());
        }
        acknowledge(store, created.stream().<WriteCommand>map(WriteCommand.Create::new).toList());
        var updates = new ArrayList<WriteCommand>();
        for (var saga : created.subList(0, 3)) {
          var now = InstantSource.system().instant();
          var after = saga.movedTo(TransactionStatus.SUCCEEDED, "", now).nextVersion(now);
          updates.add(new WriteCommand.Update(saga, after));
        }
        acknowledge(store, updates);
        store.claimDue("writer", Duration.ofMinutes(10), 10);
        store.makeDue(Duration.ofDays(1), 10);
      }
    }

    private static void acknowledge(RocksDbTransactionStore store, List<WriteCommand> commands) {
      var outcomes = store.apply(commands);
      var lines = new StringBuilder();
      for (int i = 0; i < commands.size(); i++) {
        if (!(outcomes.get(i) instanceof WriteOutcome.Applied)) {
          throw new IllegalStateException(commands.get(i) + ": " + outcomes.get(i));
        }
        lines.append(commands.get(i) instanceof WriteCommand.Create ? "1 " : "2 ");
        lines.append(commands.get(i).gid()).append('\n');
      }
      System.out.print(lines);
      System.out.flush();
    }
  }

  @RepeatedTest(3)
  void everythingAcknowledgedSurvivesAKill() throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var versions = new HashMap<String, Long>();
    try (var output = process.inputReader()) {
      readAcknowledgements(output, versions, ACKNOWLEDGED_MIN);
      assertThat(process.isAlive()).isTrue();
      assertThatThrownBy(() -> open(folder)).isInstanceOf(StoreFolderInUse.class);
      // By its handle, since the process itself would close its output, and what it said before it
      // died counts as well.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      readAcknowledgements(output, versions, Integer.MAX_VALUE);
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    try (var store = open(folder)) {
      versions.forEach((gid, version) -> assertSurvived(store, gid, version));
      assertConsistent(store);
    }
  }

  private static void readAcknowledgements(
      BufferedReader output, Map<String, Long> versions, int enough) throws IOException {
    for (int i = 0; i < enough; i++) {
      var line = output.readLine();
      if (line == null) {
        return;
      }
      var parts = line.split(" ", 2);
      if (parts.length == 2 && !parts[1].isEmpty()) {
        versions.put(parts[1], Long.valueOf(parts[0]));
      }
    }
  }

  private static void assertSurvived(RocksDbTransactionStore store, String gid, long version) {
    var found = store.find(new Gid(gid));
    assertThat(found).as(gid).isPresent();
    assertThat(found.orElseThrow().branches()).hasSize(4);
    assertThat(found.orElseThrow().version()).as(gid).isGreaterThanOrEqualTo(version);
    if (version == 2) {
      assertThat(found.orElseThrow().status().isFinal()).as(gid).isTrue();
    }
  }

  /** Indexes and records tell the same story, and nobody holds a lease any more. */
  private static void assertConsistent(RocksDbTransactionStore store) {
    int unfinished = 0;
    int finished = 0;
    var position = "";
    do {
      var page = store.list(TransactionFilter.all(), position, 500);
      for (var saga : page.transactions()) {
        assertThat(saga.schedule().isClaimed() && !saga.status().isFinal()).isFalse();
        if (saga.status().isFinal()) {
          finished++;
        } else {
          unfinished++;
        }
      }
      position = page.nextPosition();
    } while (!position.isEmpty());
    var due = store.claimDue("next", Duration.ofMinutes(1), Integer.MAX_VALUE);
    assertThat(due.claimed()).hasSize(unfinished);
    var end = InstantSource.system().instant().plusSeconds(60);
    assertThat(store.deleteFinished(TransactionStatus.SUCCEEDED, end, Integer.MAX_VALUE))
        .isEqualTo(finished);
  }
}
