package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.barrier.Barrier;
import io.dtm.barrier.PreparedState;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Message;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult.RolledBack;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A message and the local transaction of its sender, whose barrier is the record. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class LocalTransactionTest {
  private static World world;

  private final SqlDatabase database;
  private final DataSource dataSource;
  private final Message message = message(world.client(Way.HTTP));
  private final String gid = message.gid();
  private final String checkBack = world.participant.address(Way.HTTP, "committed");

  LocalTransactionTest(SqlDatabase database) throws SQLException {
    this.database = database;
    this.dataSource = database.dataSource();
  }

  @BeforeAll
  static void open() {
    world = new World();
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @BeforeEach
  void prepareTheSender() throws SQLException {
    database.layOut();
    world.participant.always("committed", this::answer);
  }

  @Test
  void aMessageIsDeliveredWithItsLocalTransaction() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      var result =
          message.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder);

      assertThat(result).isInstanceOf(Succeeded.class);
      assertThat(connection.getAutoCommit()).isTrue();
    }
    assertThat(orders()).hasSize(1);
    assertThat(world.participant.asked(gid)).containsExactly("deliver 01 action");
  }

  @Test
  void aLocalTransactionThatFailsSendsNothing() throws SQLException {
    try (var connection = dataSource.getConnection()) {
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

    assertThat(orders()).isEmpty();
    assertThat(world.participant.asked(gid)).isEmpty();
  }

  /** On PostgreSQL it undoes all that was done before it, and on others nothing but itself. */
  @Test
  void aMessageWhoseWorkHidesAFailedStatementIsSentOnlyWithItsWork() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      message.doAndSubmit(
          checkBack,
          connection,
          Barrier::recordMessage,
          c -> {
            placeOrder(c);
            hideAFailure(c);
          });
    } catch (SQLException failed) {
      assertThat(database).isEqualTo(SqlDatabase.POSTGRESQL);
    }

    var isSent = end(gid) == TransactionStatus.SUCCEEDED;
    assertThat(orders()).hasSize(isSent ? 1 : 0);
    assertThat(isSent).isEqualTo(database != SqlDatabase.POSTGRESQL);
  }

  private static void hideAFailure(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("SELECT * FROM nowhere");
    } catch (SQLException hidden) {
      assertThat(hidden.getSQLState()).startsWith("42");
    }
  }

  @Test
  void aConnectionThatBreaksBeforeItsCommitSendsNothing() throws SQLException {
    try (var connection = dataSource.getConnection()) {
      assertThatExceptionOfType(SQLException.class)
          .isThrownBy(() ->
              message.doAndSubmit(
                  checkBack,
                  connection,
                  Barrier::recordMessage,
                  c -> {
                    placeOrder(c);
                    endSession(c);
                  }));
    }

    assertThat(end(gid)).isEqualTo(TransactionStatus.FAILED);
    assertThat(orders()).isEmpty();
    assertThat(world.participant.asked(gid)).doesNotContain("deliver 01 action");
  }

  @Test
  void aSenderThatDiedBetweenItsCommitAndItsSubmitIsAskedAndDelivered() throws SQLException {
    var dying = message(dyingClient());

    try (var connection = dataSource.getConnection()) {
      assertThatExceptionOfType(DyingTransport.ProcessEnded.class)
          .isThrownBy(() ->
              dying.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder));
    }

    assertThat(end(dying.gid())).isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(orders()).hasSize(1);
    assertThat(world.participant.asked(dying.gid()))
        .containsExactly("committed 00 msg", "deliver 01 action");
  }

  @Test
  void aSenderThatDiedBeforeItsCommitIsAskedAndDropped() throws SQLException {
    message.prepare(checkBack);
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      assertThat(Barrier.recordMessage(connection, gid)).isTrue();
      placeOrder(connection);
      connection.rollback(); // as its database does when its process has died
    }

    assertThat(end(gid)).isEqualTo(TransactionStatus.FAILED);
    assertThat(orders()).isEmpty();
    assertThat(world.participant.asked(gid)).containsExactly("committed 00 msg");
  }

  @Test
  void aSenderThatBeginsAnewAfterItsCommitDoesItsWorkOnce() throws SQLException {
    var dying = message(dyingClient());
    try (var connection = dataSource.getConnection()) {
      assertThatExceptionOfType(DyingTransport.ProcessEnded.class)
          .isThrownBy(() ->
              dying.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder));
      var again = message(world.client(Way.HTTP), dying.gid());

      var result =
          again.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder);

      assertThat(result).isInstanceOf(Succeeded.class);
    }
    assertThat(orders()).hasSize(1);
  }

  @Test
  void whatACheckBackHasRuledOutIsNeverCommitted() throws SQLException {
    message.prepare(checkBack);
    assertThat(end(gid)).isEqualTo(TransactionStatus.FAILED);

    try (var connection = dataSource.getConnection()) {
      var late =
          message.doAndSubmit(checkBack, connection, Barrier::recordMessage, this::placeOrder);

      assertThat(late).isInstanceOf(RolledBack.class);
    }
    assertThat(orders()).isEmpty();
  }

  private static Message message(TransactionClient client) {
    return message(client, client.newGid());
  }

  private static Message message(TransactionClient client, String gid) {
    return client
        .message(gid)
        .step(world.participant.address(Way.HTTP, "deliver"))
        .checkBackAfter(Duration.ofSeconds(1))
        .waitForResult();
  }

  private static TransactionClient dyingClient() {
    return TransactionClient.builder()
        .transport(new DyingTransport(world.client(Way.HTTP).transport()))
        .build();
  }

  private static TransactionStatus end(String gid) {
    return world.client(Way.HTTP).waitFor(gid, Duration.ofSeconds(20)).status();
  }

  private void answer(BranchRequest request, Payload payload) throws SQLException {
    var state = Barrier.ofMessage(request.gid()).queryPrepared(dataSource);
    if (state == PreparedState.ROLLED_BACK) {
      throw new BranchRefused("not committed");
    }
  }

  /** What the connection has of that shows at its commit only. */
  private void endSession(Connection connection) {
    try {
      database.endSession(connection);
    } catch (SQLException broken) {
      // Its own statement may end with it.
    }
  }

  private void placeOrder(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("INSERT INTO orders VALUES ('one')");
    }
  }

  private List<String> orders() throws SQLException {
    return database.query("SELECT item FROM orders");
  }
}
