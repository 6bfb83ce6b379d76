package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.PreparedState;
import io.dtm.barrier.SqlDialect;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Message;
import io.dtm.client.Payload;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A message and the local transaction of its sender, whose barrier is the record. */
@Timeout(60)
class LocalTransactionTest {
  private static World world;

  private final DataSource database = database();
  private final Message message =
      world
          .client(Way.HTTP)
          .message()
          .step(world.participant.address(Way.HTTP, "deliver"))
          .checkBackAfter(Duration.ofSeconds(1))
          .waitForResult();
  private final String gid = message.gid();
  private final String checkBack = world.participant.address(Way.HTTP, "committed");

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @BeforeEach
  void answerCheckBacks() {
    world.participant.always("committed", this::answer);
  }

  @Test
  void aMessageIsDeliveredWithItsLocalTransaction() throws SQLException {
    try (var connection = database.getConnection()) {
      var result =
          message.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder);

      assertThat(result).isInstanceOf(Succeeded.class);
    }
    assertThat(orders()).isEqualTo(1);
    assertThat(world.participant.asked(gid)).containsExactly("deliver 01 action");
  }

  @Test
  void aLocalTransactionThatFailsSendsNothing() throws SQLException {
    try (var connection = database.getConnection()) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() ->
              message.doAndSubmit(
                  checkBack,
                  connection,
                  Barrier::recordMessage,
                  c -> {
                    placeOrder(c);
                    throw new IOException("disk full");
                  }));
    }

    assertThat(orders()).isZero();
    assertThat(world.participant.asked(gid)).isEmpty();
  }

  @Test
  void aSenderThatDiedAfterItsCommitIsAskedAndDelivered() throws SQLException {
    message.prepare(checkBack);
    try (var connection = database.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(Barrier.recordMessage(connection, gid)).isTrue();
      placeOrder(connection);
      connection.commit();
    }

    assertThat(end()).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(world.participant.asked(gid)).contains("deliver 01 action");
  }

  @Test
  void whatACheckBackHasRuledOutIsNeverCommitted() throws SQLException {
    message.prepare(checkBack);
    assertThat(end()).isEqualTo(TransactionStatus.FAILED);

    try (var connection = database.getConnection()) {
      var late =
          message.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder);

      assertThat(late).isInstanceOf(RolledBack.class);
    }
    assertThat(orders()).isZero();
  }

  private TransactionStatus end() {
    return world.client(Way.HTTP).waitFor(gid, Duration.ofSeconds(20)).status();
  }

  private void answer(BranchRequest request, Payload payload) throws SQLException {
    var state = Barrier.ofMessage(request.gid()).queryPrepared(database);
    if (state == PreparedState.ROLLED_BACK) {
      throw new BranchRefused("not committed");
    }
  }

  private void placeOrder(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("INSERT INTO orders VALUES (1)");
    }
  }

  private int orders() throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM orders")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static DataSource database() {
    var database = new JdbcDataSource();
    database.setUrl("jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID()));
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(SqlDialect.H2.createScript());
      statement.execute("CREATE TABLE orders (id INT)");
      return database;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
