package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.AccountDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The same where one can see that a session waits. */
abstract class ServerBarrierContract extends BarrierContract {
  private static final Duration WAITING_WITHIN = Duration.ofSeconds(60);
  private static final Duration BETWEEN = Duration.ofMillis(10);

  ServerBarrierContract(AccountDatabase database, SqlDialect dialect) {
    super(database, dialect);
  }

  /** Counts the sessions that wait for a lock. */
  abstract String waitingSessions();

  private void awaitWaiting() throws SQLException {
    var deadline = Instant.now().plus(WAITING_WITHIN);
    while (database.query(waitingSessions()).get(0).equals("0")) {
      assertThat(Instant.now()).as("a session waits by").isBefore(deadline);
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
  }

  @Test
  void aCheckBackWaitsForALocalTransactionThatIsAboutToCommit() throws Exception {
    var threads = Executors.newSingleThreadExecutor();
    try (var connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      Barrier.ofMessage("g").run(connection, work -> add(work, -30));

      var answer = threads.submit(() -> Barrier.ofMessage("g").queryPrepared(dataSource));
      awaitWaiting();
      assertThat(answer).isNotDone();
      connection.commit();

      assertThat(answer.get()).isEqualTo(PreparedState.COMMITTED);
    } finally {
      threads.shutdownNow();
    }
  }
}
