package io.dtm.xa;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documents are the code that runs here. */
class XaDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCE = Path.of("src/test/java/io/dtm/xa/XaDocsTest.java");

  private final TestDatabase database = TestDatabase.POSTGRESQL;
  private final List<String> manager = new ArrayList<>();

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut();
  }

  @Test
  void theExamplesDoWhatTheySay() throws SQLException {
    var dataSource = database.xaDataSource();

    // docs: participant
    var sessions = XaConnections.of(dataSource); // the driver's own XADataSource
    var participant = XaParticipant.of(sessions, BarrierTable.of(SqlDialect.POSTGRESQL));
    // docs: end

    assertThat(answer(participant, query("action"))).isEqualTo(200);
    assertThat(manager).containsExactly("registered");
    assertThat(answer(participant, query("commit"))).isEqualTo(200);
    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
    assertThat(sweep(participant).unknown()).isEmpty();
    sessions.close();
  }

  private int answer(XaParticipant participant, Map<String, String> query) throws SQLException {
    // docs: endpoint
    try {
      var outcome =
          participant.handle(query, connection -> add(connection, -30), () -> register(query));
      return outcome == XaOutcome.TOO_LATE ? 409 : 200;
    } catch (XaBranchBusy e) {
      return 425; // ask again
    }
    // docs: end
  }

  private SweepReport sweep(XaParticipant participant) throws SQLException {
    // docs: sweep
    var sweeper = new XaSweeper(participant, gid -> stateOf(gid));
    var report = sweeper.sweep(); // every few minutes
    // docs: end
    return report;
  }

  private void register(Map<String, String> query) {
    assertThat(query).containsKey("gid");
    manager.add("registered");
  }

  private static GlobalStates.State stateOf(String gid) {
    return gid.isEmpty() ? GlobalStates.State.UNKNOWN : GlobalStates.State.UNFINISHED;
  }

  private static Map<String, String> query(String op) {
    return Map.of("gid", "docs", "trans_type", "xa", "branch_id", "01", "op", op);
  }

  private static void add(Connection connection, long amount) throws SQLException {
    TestDatabase.execute(connection, "UPDATE account SET balance = balance + " + amount);
  }

  @ParameterizedTest
  @ValueSource(strings = {"participant", "endpoint", "sweep"})
  void theExamplesInTheDocumentsAreThoseThatRun(String name) throws IOException {
    var example = "```java\n" + example(name) + "```\n";

    assertThat(Files.readString(DOCS.resolve("xa-participants.md"))).contains(example);
    assertThat(Files.readString(DOCS.resolve("xa-participants-cn.md"))).contains(example);
  }

  private static String example(String name) throws IOException {
    var source = Files.readString(SOURCE);
    var begin = "// docs: " + name + "\n";
    var from = source.indexOf(begin) + begin.length();
    var end = source.lastIndexOf('\n', source.indexOf("// docs: " + "end", from));
    return source.substring(from, end).stripIndent() + "\n";
  }
}
