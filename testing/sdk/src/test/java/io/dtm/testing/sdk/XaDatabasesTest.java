package io.dtm.testing.sdk;

import static io.dtm.testing.sdk.SqlDatabase.MARIADB;
import static io.dtm.testing.sdk.SqlDatabase.OPENING;
import static io.dtm.testing.sdk.SqlDatabase.POSTGRESQL;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.barrier.BarrierTable;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult.Pending;
import io.dtm.client.TransactionResult.Succeeded;
import io.dtm.client.TransactionStatus;
import io.dtm.client.XaBranches;
import io.dtm.xa.XaBranchBusy;
import io.dtm.xa.XaConnections;
import io.dtm.xa.XaOutcome;
import io.dtm.xa.XaParticipant;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** One XA transaction in a MariaDB and a PostgreSQL: money goes from one to the other. */
@Timeout(60)
@ParameterizedClass
@EnumSource
class XaDatabasesTest {
  private static final Payload BODY = Payload.of("{\"amount\":30}");
  private static final List<SqlDatabase> DATABASES = List.of(MARIADB, POSTGRESQL);
  private static World world;

  private final Way way;
  private final TransactionClient client;
  private final Participant participant = world.participant;
  private final Map<SqlDatabase, XaConnections> sessions = new EnumMap<>(SqlDatabase.class);

  XaDatabasesTest(Way way) {
    this.way = way;
    this.client = world.client(way);
  }

  @BeforeAll
  static void openWorld() {
    world = new World();
  }

  @AfterAll
  static void closeWorld() {
    world.close();
  }

  @BeforeEach
  void open() throws SQLException {
    for (var database : DATABASES) {
      database.layOut();
      sessions.put(database, XaConnections.of(database.xaDataSource()));
      participant.always(database.name(), (request, payload) -> serve(database, request));
    }
  }

  @AfterEach
  void close() {
    sessions.values().forEach(XaConnections::close);
  }

  @Test
  void bothDatabasesCommit() throws SQLException {
    var xa = client.xa().waitForResult();

    var result = xa.run(this::transfer);

    assertThat(result).isEqualTo(new Succeeded(xa.gid()));
    assertThat(balances()).containsExactly(OPENING - 30, OPENING + 30);
  }

  @Test
  void aRefusalOfTheSecondRollsBackTheFirst() throws SQLException {
    POSTGRESQL.execute("DELETE FROM account");
    var xa = client.xa();

    var result = xa.run(this::transfer);

    assertThat(Retries.untilTheEnd(client, result.gid()).status())
        .isEqualTo(TransactionStatus.FAILED);
    assertThat(MARIADB.query("SELECT balance FROM account")).containsExactly("" + OPENING);
  }

  @Test
  void whatWasCommittedAndNotHeardOfIsCommittedOnce() throws SQLException {
    participant.once(MARIADB.name(), (request, payload) -> serve(MARIADB, request));
    participant.once(
        MARIADB.name(),
        (request, payload) -> {
          serve(MARIADB, request);
          throw new IllegalStateException("the answer is lost");
        });
    var xa = client.xa().waitForResult();

    var result = xa.run(this::transfer);

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(Retries.untilTheEnd(client, xa.gid()).status())
        .isEqualTo(TransactionStatus.SUCCEEDED);
    assertThat(balances()).containsExactly(OPENING - 30, OPENING + 30);
    assertThat(participant.asked(xa.gid()))
        .filteredOn(call -> call.equals(MARIADB + " 01 commit"))
        .hasSize(2);
  }

  @Test
  void whatWasPreparedForACallerThatDiedIsRolledBack() throws SQLException {
    var xa = client.xa().timeoutToFail(Duration.ofSeconds(1)).retryInterval(Duration.ofSeconds(1));

    var result =
        xa.run(branches -> {
          transfer(branches);
          assertThat(Retries.untilTheEnd(client, xa.gid()).status())
              .isEqualTo(TransactionStatus.FAILED);
        });

    assertThat(client.query(result.gid()).status()).isEqualTo(TransactionStatus.FAILED);
    assertThat(balances()).containsExactly(OPENING, OPENING);
  }

  private void transfer(XaBranches branches) {
    branches.branch(participant.address(way, MARIADB.name()), BODY);
    branches.branch(participant.address(way, POSTGRESQL.name()), BODY);
  }

  private void serve(SqlDatabase database, BranchRequest request) throws SQLException {
    var xa = XaParticipant.of(sessions.get(database), BarrierTable.of(database.dialect()));
    long amount = database == MARIADB ? -30 : 30;
    XaOutcome outcome;
    try {
      outcome =
          xa.handle(
              request.parameters(),
              connection -> add(connection, amount),
              () -> client.registerXaBranch(request));
    } catch (XaBranchBusy busy) {
      throw new BranchOngoing(String.valueOf(busy.getMessage()), busy);
    }
    if (outcome == XaOutcome.TOO_LATE) {
      throw new BranchRefused("rolled back before");
    }
  }

  private static void add(Connection connection, long amount) throws SQLException {
    try (var statement = connection.createStatement()) {
      if (statement.executeUpdate("UPDATE account SET balance = balance + " + amount) == 0) {
        throw new BranchRefused("no account");
      }
    }
  }

  private static List<Long> balances() throws SQLException {
    var mariaDb = MARIADB.query("SELECT balance FROM account").get(0);
    var postgreSql = POSTGRESQL.query("SELECT balance FROM account").get(0);
    return List.of(Long.valueOf(mariaDb), Long.valueOf(postgreSql));
  }
}
