package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.stores.OpenStore;
import io.dtm.server.stores.StoreUrl;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveCommandTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder = Path.of(".");

  private String url(String name) {
    return "rocksdb:" + folder.resolve(name);
  }

  private OpenStore open(String name) {
    return OpenStore.open(StoreUrl.parse(url(name)), InstantSource.fixed(NOW));
  }

  private static GlobalTransaction transaction(String gid, TransactionStatus status) {
    var definition =
        new TransactionDefinition(
            new Gid(gid),
            new TransactionSpec.Tcc(),
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "",
            "",
            NOW);
    var schedule = new Schedule(NOW, Duration.ofSeconds(10), 0, "");
    var ended = status.isFinal() ? NOW : null;
    return new GlobalTransaction(
        definition, List.of(), new TransactionProgress(status, 1, schedule, NOW, ended, "", ""));
  }

  @BeforeEach
  void fill() {
    try (var store = open("a")) {
      var unused =
          store
              .transactions()
              .apply(
                  List.of(
                      new WriteCommand.Create(transaction("open", TransactionStatus.PREPARED)),
                      new WriteCommand.Create(transaction("done", TransactionStatus.SUCCEEDED))));
      assertThat(store.keyValues().putEntry("topics", "orders", "[]", 0)).isTrue();
    }
  }

  private CommandRun move(String... more) {
    var arguments = new String[3 + more.length];
    arguments[0] = "move";
    arguments[1] = "--from=" + url("a");
    arguments[2] = "--to=" + url("b");
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(Map.of(), arguments);
  }

  @Test
  void everythingIsMovedOnce() {
    var first = move();
    var second = move();

    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("from  rocksdb in " + folder.resolve("a"), "to    rocksdb in ")
        .containsPattern("(?m)^ +moved +already there +different +verified$")
        .containsPattern("(?m)^prepared +1 +0 +0 +1$")
        .containsPattern("(?m)^succeed +1 +0 +0 +1$")
        .containsPattern("(?m)^transactions +2 +0 +0 +2$")
        .containsPattern("(?m)^settings +1 +0 +0 +1$");
    assertThat(second.code()).isZero();
    assertThat(second.out()).containsPattern("(?m)^transactions +0 +2 +0 +2$");
    try (var store = open("b")) {
      assertThat(store.transactions().find(new Gid("done")))
          .contains(transaction("done", TransactionStatus.SUCCEEDED));
    }
  }

  @Test
  void whatHasEndedMayStayBehind() {
    assertThat(move("--unfinished-only").out()).containsPattern("(?m)^transactions +1 +0 +0 +1$");
  }

  @Test
  void whatDiffersIsNamedAndEndsWithOne() {
    try (var store = open("b")) {
      var unused =
          store
              .transactions()
              .apply(
                  List.of(new WriteCommand.Create(transaction("open", TransactionStatus.FAILED))));
    }

    var run = move();

    assertThat(run.code()).isOne();
    assertThat(run.err())
        .startsWith("dtm: open: another one is in the target, and left alone: tcc, failed");
  }

  @Test
  void aStoreThatIsInUseIsLeftAlone() {
    try (var store = open("a")) {
      var run = move();

      assertThat(run.code()).isOne();
      assertThat(run.err()).startsWith("dtm: ").contains("in use").doesNotContain("\tat ");
      assertThat(store.transactions().find(new Gid("open"))).isPresent();
    }
  }

  @Test
  void whatIsNotUnderstoodEndsWithTwo() {
    assertThat(CommandRun.of(Map.of(), "move", "--from=" + url("a")).code()).isEqualTo(2);
    var noFolder = CommandRun.of(Map.of(), "move", "--from=" + url("c"), "--to=" + url("b"));
    assertThat(noFolder.code()).isEqualTo(2);
    assertThat(noFolder.err()).contains("--from: rocksdb in ", "no such folder");
    var noUrl = CommandRun.of(Map.of(), "move", "--from=" + url("a"), "--to=me:top-secret@h");
    assertThat(noUrl.code()).isEqualTo(2);
    assertThat(noUrl.err()).contains("--to: ").doesNotContain("top-secret");
  }
}
