package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.AccountDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The code of {@code docs/java/barrier.md}. */
class BarrierDocsTest {
  private final AccountDatabase database = H2BarrierTest.DATABASE;
  private final DataSource dataSource = new CountedDataSource(database);
  private final Accounts accounts = new Accounts();

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut(SqlDialect.H2.createScript());
  }

  @Test
  void aTransactionOfItsOwn() throws SQLException {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");

    // page: begin
    // gid, trans_type, branch_id and op, as the manager sends them
    var barrier = Barrier.from(query);
    barrier.run(dataSource, connection -> accounts.add(connection, "alice", -30));
    // page: end

    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
  }

  @Test
  void theTransactionOfTheCaller() throws SQLException {
    var barrier = Barrier.of("g", "saga", "01", "action");
    try (var connection = dataSource.getConnection()) {
      // page: begin
      connection.setAutoCommit(false); // or inside of @Transactional
      barrier.run(connection, same -> accounts.add(same, "alice", -30));
      connection.commit(); // whatever the outcome
      // page: end
    }

    assertThat(database.query("SELECT balance FROM account")).containsExactly("970");
  }

  @Test
  void aCheckBack() throws SQLException {
    assertThat(answer(Map.of("gid", "g", "trans_type", "msg", "branch_id", "00", "op", "msg")))
        .isEqualTo(409);
  }

  private int answer(Map<String, String> query) throws SQLException {
    // page: begin
    return switch (Barrier.from(query).queryPrepared(dataSource)) {
      case COMMITTED -> 200;
      case ROLLED_BACK -> 409;
    };
    // page: end
  }

  @Test
  void anotherTable() {
    var query = Map.of("gid", "g", "trans_type", "saga", "branch_id", "01", "op", "action");

    // page: begin
    var barrier = Barrier.from(query).on(new BarrierTable(SqlDialect.MYSQL, "barrier"));
    // page: end

    assertThat(barrier.gid()).isEqualTo("g");
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
