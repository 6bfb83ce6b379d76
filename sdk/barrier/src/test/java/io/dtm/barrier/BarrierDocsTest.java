package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the documents are the code that runs here. */
class BarrierDocsTest {
  private static final Path DOCS = Path.of("..", "..", "docs", "java");
  private static final Path SOURCE = Path.of("src/test/java/io/dtm/barrier/BarrierDocsTest.java");

  private final TestDatabase database = TestDatabase.H2;
  private final DataSource dataSource = new CountedDataSource(database);
  private final Accounts accounts = new Accounts();

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut();
  }

  @Test
  void aTransactionOfItsOwn() throws SQLException {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");

    // docs: own
    // gid, trans_type, branch_id and op, as the manager sends them
    var barrier = Barrier.from(query);
    barrier.run(dataSource, connection -> accounts.add(connection, "alice", -30));
    // docs: end

    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
  }

  @Test
  void theTransactionOfTheCaller() throws SQLException {
    var barrier = Barrier.of("g", "saga", "01", "action");
    try (var connection = dataSource.getConnection()) {
      // docs: joined
      connection.setAutoCommit(false); // or inside of @Transactional
      barrier.run(connection, same -> accounts.add(same, "alice", -30));
      connection.commit(); // whatever the outcome
      // docs: end
    }

    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
  }

  @Test
  void aCheckBack() throws SQLException {
    assertThat(answer(Map.of("gid", "g", "trans_type", "msg", "branch_id", "00", "op", "msg")))
        .isEqualTo(409);
  }

  private int answer(Map<String, String> query) throws SQLException {
    // docs: check-back
    return switch (Barrier.from(query).queryPrepared(dataSource)) {
      case COMMITTED -> 200;
      case ROLLED_BACK -> 409;
    };
    // docs: end
  }

  @Test
  void anotherTable() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");

    // docs: table
    var barrier = Barrier.from(query).on(new BarrierTable(SqlDialect.MYSQL, "barrier"));
    // docs: end

    assertThat(barrier.gid()).isEqualTo("g");
  }

  @ParameterizedTest
  @ValueSource(strings = {"own", "joined", "check-back", "table"})
  void theExamplesInTheDocumentsAreThoseThatRun(String name) throws IOException {
    var example = "```java\n" + example(name) + "```\n";

    assertThat(Files.readString(DOCS.resolve("barrier.md"))).contains(example);
    assertThat(Files.readString(DOCS.resolve("barrier-cn.md"))).contains(example);
  }

  private static String example(String name) throws IOException {
    var source = Files.readString(SOURCE);
    var begin = "// docs: " + name + "\n";
    var from = source.indexOf(begin) + begin.length();
    var end = source.lastIndexOf('\n', source.indexOf("// docs: " + "end", from));
    return source.substring(from, end).stripIndent() + "\n";
  }

  private static final class Accounts {
    void add(Connection connection, String name, long amount) throws SQLException {
      try (var statement =
          connection.prepareStatement("UPDATE account SET balance = balance + ? WHERE name = ?")) {
        statement.setLong(1, amount);
        statement.setString(2, name);
        statement.executeUpdate();
      }
    }
  }
}
