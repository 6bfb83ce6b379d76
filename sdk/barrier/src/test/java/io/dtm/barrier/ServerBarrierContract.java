package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The same where one can see that a session waits. */
abstract class ServerBarrierContract extends BarrierContract {
  private static final Duration WAITING_WITHIN = Duration.ofSeconds(20);

  ServerBarrierContract(TestDatabase database) {
    super(database);
  }

  /** Counts the sessions that wait for a lock. */
  abstract String waitingSessions();

  private void awaitWaiting() throws SQLException {
    var deadline = Instant.now().plus(WAITING_WITHIN);
    while (database.query(waitingSessions()).get(0).equals("0")) {
      assertThat(Instant.now()).as("a session waits by").isBefore(deadline);
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
