package io.dtm.workflow.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dtm.barrier.BarrierTable;
import io.dtm.client.BranchRefused;
import io.dtm.client.Payload;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.workflow.FakeManager;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.WorkflowAction;
import io.dtm.workflow.WorkflowResult;
import io.dtm.workflow.WorkflowResult.RolledBack;
import io.dtm.workflow.WorkflowResult.Succeeded;
import io.dtm.workflow.Workflows;
import io.dtm.xa.XaConnections;
import io.dtm.xa.XaParticipant;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@ParameterizedClass
@EnumSource
class WorkflowXaTest {
  private final Database database;
  private final FakeManager manager = new FakeManager();
  private final String gid = UUID.randomUUID().toString();
  private final XaConnections sessions;
  private final WorkflowXa xa;

  WorkflowXaTest(Database database) throws SQLException {
    this.database = database;
    sessions = XaConnections.of(database.xaDataSource());
    xa = WorkflowXa.of(XaParticipant.of(sessions, BarrierTable.of(database.dialect())));
  }

  @BeforeEach
  void layOut() throws SQLException {
    database.layOut();
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private WorkflowResult<Payload> execute(WorkflowAction<String> action) {
    var workflow = Workflow.of("pay", String.class, action);
    return Workflows.builder(manager.client())
        .resumeAt("http://app/resume")
        .add(workflow)
        .build()
        .execute(workflow, gid, "");
  }

  @Test
  void theWorkIsSeenOnceTheWorkflowHasSucceeded() throws SQLException {
    var result =
        execute((workflow, input) -> {
          xa.step(workflow.branch("debit"), connection -> Database.take(connection, 30));
          workflow.step("look", branch -> assertThat(database.balance()).isEqualTo(100));
        });

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(database.balance()).isEqualTo(70);
  }

  @Test
  void aRefusalRollsItBack() throws SQLException {
    var result =
        execute((workflow, input) -> {
          xa.step(workflow.branch("debit"), connection -> Database.take(connection, 30));
          throw new BranchRefused("no tea left");
        });

    assertThat(result).isEqualTo(new RolledBack<>(gid, "no tea left"));
    assertThat(database.balance()).isEqualTo(100);
  }

  @Test
  void workThatRefusesPreparesNothing() throws SQLException {
    var result =
        execute((workflow, input) ->
            xa.step(
                workflow.branch("debit"),
                connection -> {
                  Database.take(connection, 30);
                  throw new BranchRefused("account frozen");
                }));

    assertThat(result).isEqualTo(new RolledBack<>(gid, "account frozen"));
    assertThat(database.balance()).isEqualTo(100);
  }

  @Test
  void workThatWasPreparedButNotRecordedIsNotDoneAgain() throws SQLException {
    var times = new AtomicInteger();
    WorkflowAction<String> action =
        (workflow, input) ->
            xa.step(
                workflow.branch("debit"),
                connection -> {
                  Database.take(connection, 30);
                  manager.goAway(times.incrementAndGet() == 1);
                });
    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> execute(action));
    manager.goAway(false);

    var result = execute(action);

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(times).hasValue(1);
    assertThat(database.balance()).isEqualTo(70);
  }
}
