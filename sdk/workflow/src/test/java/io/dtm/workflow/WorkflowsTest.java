package io.dtm.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchRequest;
import io.dtm.client.BranchUnclear;
import io.dtm.client.ManagerOperation;
import io.dtm.client.Payload;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionMode;
import io.dtm.workflow.WorkflowResult.Pending;
import io.dtm.workflow.WorkflowResult.RolledBack;
import io.dtm.workflow.WorkflowResult.Succeeded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkflowsTest {
  /** An order. */
  record Order(String item, int amount) {}

  private static final Order ORDER = new Order("tea", 30);

  private final FakeManager manager = new FakeManager();
  private final List<String> done = new ArrayList<>();

  private Workflow<Order, Order> order(WorkflowFunction<Order, Order> function) {
    return Workflow.of("order", Order.class, Order.class, function);
  }

  private WorkflowsBuilder with(Workflow<?, ?> workflow) {
    return Workflows.builder(manager.client()).resumeAt("http://app/resume").add(workflow);
  }

  private WorkflowResult<Order> execute(WorkflowFunction<Order, Order> function) {
    var workflow = order(function);
    return with(workflow).build().execute(workflow, "g1", ORDER);
  }

  private BranchWork noting(String what) {
    return branch -> done.add("%s %s %s".formatted(what, branch.branchId(), branch.operation()));
  }

  @Test
  void everyStepIsRecordedAndTheEndReported() {
    var workflow =
        order((context, order) -> {
          var taken = context.step("take", Integer.class, branch -> order.amount() - 10);
          context.step("note", noting("note"));
          return new Order(order.item(), taken);
        });
    var workflows =
        with(workflow)
            .retryInterval(Duration.ofSeconds(7))
            .requestTimeout(Duration.ofSeconds(8))
            .build();

    var result = workflows.execute(workflow, "g1", ORDER);

    assertThat(result).isEqualTo(new Succeeded<>("g1", new Order("tea", 20)));
    assertThat(done).containsExactly("note 02 action");
    assertThat(manager.asked)
        .extracting(request -> request.operation() + " " + request.json())
        .containsExactly(
            "PREPARE_WORKFLOW {\"gid\":\"g1\",\"trans_type\":\"workflow\","
                + "\"query_prepared\":\"http://app/resume\",\"custom_data\":\"{\\\"name\\\":"
                + "\\\"order\\\",\\\"data\\\":\\\"eyJpdGVtIjoidGVhIiwiYW1vdW50IjozMH0=\\\"}\","
                + "\"request_timeout\":8,\"retry_interval\":7,\"concurrent\":false}",
            "REGISTER_BRANCH {\"gid\":\"g1\",\"trans_type\":\"workflow\",\"branch_id\":\"01\","
                + "\"op\":\"action\",\"status\":\"succeed\"}",
            "REGISTER_BRANCH {\"gid\":\"g1\",\"trans_type\":\"workflow\",\"branch_id\":\"02\","
                + "\"op\":\"action\",\"status\":\"succeed\"}",
            manager.asked.get(3).operation() + " " + manager.asked.get(3).json());
    assertThat(manager.asked.get(3).operation()).isEqualTo(ManagerOperation.SUBMIT);
    assertThat(manager.status).isEqualTo("succeed");
    assertThat(manager.records)
        .extracting(record -> record.data().text())
        .containsExactly("dtm-step:take\n20", "dtm-step:note\n");
  }

  @Test
  void whatWasRecordedBeforeACrashIsNotDoneAgain() {
    var runs = new AtomicInteger();
    WorkflowFunction<Order, Order> function =
        (context, order) -> {
          context.step("one", noting("one"));
          manager.isAway = runs.incrementAndGet() == 1;
          context.step("two", noting("two"));
          context.step("three", noting("three"));
          return order;
        };

    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> execute(function));
    manager.isAway = false;
    var result = execute(function);

    assertThat(result).isEqualTo(new Succeeded<>("g1", ORDER));
    assertThat(done)
        .as("what was done, but could not be recorded, is done again")
        .containsExactly("one 01 action", "two 02 action", "two 02 action", "three 03 action");
  }

  @Test
  void oneThatHasEndedIsNotRunAgain() {
    execute((context, order) -> order);

    var again =
        execute((context, order) -> {
          throw new AssertionError("run again");
        });

    assertThat(again).isEqualTo(new Succeeded<>("g1", ORDER));
  }

  @Test
  void aRefusalUndoesWhatSucceededTheLastFirst() {
    manager.participant =
        call -> {
          if (call.address().equals("http://bank/pay")) {
            throw new BranchRefused("account frozen");
          }
          return Payload.of("done");
        };

    var result =
        execute((context, order) -> {
          context.branch("hold").onRollback(noting("free")).onCommit(noting("keep")).step(b -> {});
          context.tcc("ship", "http://s/try", "http://s/yes", "http://s/no", order);
          context.branch("pay").onRollback(noting("refund")).call("http://bank/pay", order);
          return order;
        });

    assertThat(result).isEqualTo(new RolledBack<>("g1", "account frozen"));
    assertThat(done).containsExactly("free 01 rollback");
    assertThat(manager.called)
        .containsExactly(
            "http://s/try 02 action", "http://bank/pay 03 action", "http://s/no 02 rollback");
    assertThat(manager.records)
        .extracting(FakeManager.Recorded::toString)
        .containsExactly(
            "01 action succeed",
            "02 action succeed",
            "03 action failed",
            "02 rollback succeed",
            "01 rollback succeed");
    assertThat(manager.reason).isEqualTo("account frozen");
    assertThat(execute((context, order) -> order)).isEqualTo(result);
  }

  @Test
  void whatIsToBeMadeFinalIsDoneTheLastFirstAndOnce() {
    WorkflowFunction<Order, Order> function =
        (context, order) -> {
          context.branch("one").onCommit(noting("one")).step(branch -> {});
          context
              .branch("two")
              .onCommit(branch -> {
                done.add("two");
                manager.isAway = done.size() == 2;
              })
              .step(branch -> {});
          context.branch("three").onCommit(noting("three")).step(branch -> {});
          return order;
        };
    assertThatExceptionOfType(TransactionManagerUnavailable.class)
        .isThrownBy(() -> execute(function));
    manager.isAway = false;

    execute(function);

    assertThat(done).containsExactly("three 03 commit", "two", "two", "one 01 commit");
  }

  @Test
  void aRefusalThatTheFunctionCatchesIsRememberedToo() {
    var runs = new AtomicInteger();
    WorkflowFunction<Order, Order> function =
        (context, order) -> {
          try {
            context.step(
                "cheap",
                branch -> {
                  throw new BranchRefused("sold out " + runs.get());
                });
          } catch (BranchRefused e) {
            done.add(String.valueOf(e.getMessage()));
            context.step("dear", noting("dear"));
          }
          if (runs.incrementAndGet() == 1) {
            throw new IOException("crash");
          }
          return order;
        };

    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() -> execute(function))
        .withCauseInstanceOf(IOException.class)
        .withMessageContaining("workflow 'order' g1 stopped");
    var result = execute(function);

    assertThat(result).isInstanceOf(Succeeded.class);
    assertThat(done).containsExactly("sold out 0", "dear 02 action", "sold out 0");
  }

  @Test
  void anUnclearAnswerLeavesItPendingEvenIfTheFunctionCatchesIt() {
    manager.participant =
        call -> {
          throw new BranchUnclear("no answer", null);
        };

    var result =
        execute((context, order) -> {
          try {
            context.call("pay", "http://bank/pay", order);
          } catch (BranchUnclear e) {
            done.add("caught");
          }
          try {
            context.step("other", noting("other"));
          } catch (BranchUnclear e) {
            done.add("stopped");
          }
          return order;
        });

    assertThat(result).isInstanceOf(Pending.class);
    assertThat(done).containsExactly("caught", "stopped");
    assertThat(manager.records).isEmpty();
    assertThat(manager.status).isEqualTo("prepared");
  }

  @Test
  void aRollbackThatRefusesIsTriedAgain() {
    WorkflowFunction<Order, Order> function =
        (context, order) -> {
          context
              .branch("pay")
              .onRollback(branch -> {
                done.add("refund");
                if (done.size() == 1) {
                  throw new BranchRefused("no");
                }
              })
              .step(branch -> {});
          throw new BranchRefused("changed my mind");
        };

    var first = execute(function);
    var second = execute(function);

    assertThat(first)
        .isInstanceOfSatisfying(
            Pending.class,
            pending ->
                assertThat(pending.cause())
                    .hasMessageContaining("rollback of step 01 'pay' refused"));
    assertThat(second).isEqualTo(new RolledBack<>("g1", "changed my mind"));
    assertThat(done).containsExactly("refund", "refund");
  }

  @Test
  void anotherStepThanTheRecordedOneIsNoticed() {
    interrupted("take", "pay");

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() -> execute(steps("take", "ship")))
        .satisfies(changed -> {
          assertThat(changed.recorded()).isEqualTo("step 02 was recorded as 'pay'");
          assertThat(changed.asked()).isEqualTo("step 02 is 'ship'");
          assertThat(manager.parked).containsExactly(String.valueOf(changed.getMessage()));
        });
    assertThat(done).as("nothing is guessed").containsExactly("take", "pay");
  }

  @Test
  void aStepThatIsNoLongerAskedForIsNoticed() {
    interrupted("take", "pay");

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() -> execute(steps("take")))
        .withMessageContaining("step 02 was recorded as 'pay', but now the function ends after 1");
    assertThat(manager.status).isEqualTo("prepared");
  }

  @Test
  void aChangedHistoryIsNoticedEvenIfTheFunctionCatchesTheException() {
    interrupted("take", "pay");

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              try {
                context.step("other", branch -> {});
              } catch (RuntimeException e) {
                done.add("caught");
              }
              return order;
            }));
  }

  @Test
  void anotherDecisionThanTheOneThatWasBegunIsNoticed() {
    var runs = new AtomicInteger();
    WorkflowFunction<Order, Order> function =
        (context, order) -> {
          context.branch("one").onRollback(noting("undo")).step(branch -> {});
          context.branch("two").onRollback(noting("undo")).step(branch -> {});
          if (runs.incrementAndGet() == 1) {
            throw new BranchRefused("on a whim");
          }
          return order;
        };
    manager.records.add(new FakeManager.Recorded("02", "rollback", "succeed", Payload.empty()));
    manager.records.add(record("01", "one"));
    manager.records.add(record("02", "two"));
    runs.set(1);

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() -> execute(function))
        .withMessageContaining("02 rollback was done, but now the function succeeds");
    runs.set(0);
    assertThat(execute(function)).isEqualTo(new RolledBack<>("g1", "on a whim"));
    assertThat(done).containsExactly("undo 01 rollback");
  }

  @Test
  void aStepThatTheFunctionHadPassedIsNotDoneNow() {
    manager.records.add(record("02", "pay"));

    assertThatExceptionOfType(HistoryChanged.class)
        .isThrownBy(() -> execute(steps("take", "pay")))
        .withMessageContaining(
            "step 02 was recorded as 'pay' without it, but now step 01 is 'take'");
  }

  @Test
  void aManagerThatCannotParkIsNoReasonToGoOn() {
    manager.parks = false;
    interrupted("take");

    assertThatExceptionOfType(HistoryChanged.class).isThrownBy(() -> execute(steps("other")));
  }

  @Test
  void historiesWithoutNamesAreTakenByPosition() {
    manager.records.add(new FakeManager.Recorded("01", "action", "succeed", Payload.of("20")));
    manager.records.add(new FakeManager.Recorded("02", "action", "failed", Payload.of("no money")));

    var result =
        execute((context, order) -> {
          done.add("took " + context.step("take", Integer.class, branch -> 0));
          context.step("pay", noting("pay"));
          return order;
        });

    assertThat(result).isEqualTo(new RolledBack<>("g1", "no money"));
    assertThat(done).containsExactly("took 20");
  }

  @Test
  void whoeverIsOvertakenTellsHowItEnded() {
    var result =
        execute((context, order) -> {
          manager.status = "failed";
          manager.reason = "another run refused";
          context.step("late", noting("late"));
          return order;
        });

    assertThat(result).isEqualTo(new RolledBack<>("g1", "another run refused"));
  }

  @Test
  void whoeverFindsAnotherRunAheadLeavesItTheRest() {
    var result =
        execute((context, order) -> {
          manager.records.add(record("01", "other result"));
          context.step("late", noting("late"));
          return order;
        });

    assertThat(result)
        .isInstanceOfSatisfying(
            Pending.class,
            pending -> assertThat(pending.cause()).isInstanceOf(BranchOngoing.class));
  }

  @Test
  void limitsAreNamed() {
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              for (int i = 0; i <= Workflows.STEPS_MAX; i++) {
                context.step("again", branch -> {});
              }
              return order;
            }))
        .withMessageContaining("steps of a workflow: 100 (expected: at most 99)");
    assertThat(manager.records).hasSize(Workflows.STEPS_MAX);
    manager.records.clear();
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              context.step("large", Payload.class, branch -> bytes(Workflows.RESULT_BYTES_MAX + 1));
              return order;
            }))
        .withMessageContaining("step 'large': result of 1048577 bytes (expected: at most 1048576)");
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              for (int i = 0; i < 4; i++) {
                context.step("many", Payload.class, branch -> bytes(Workflows.RESULT_BYTES_MAX));
              }
              return order;
            }))
        .withMessageContaining("results of all steps: 4194304 bytes (expected: at most 3145728)");
  }

  @Test
  void aBranchIsDoneOnceAndOnlyWhileTheFunctionRuns() {
    var leaked = new ArrayList<WorkflowContext>();

    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              leaked.add(context);
              var branch = context.branch("one");
              branch.step(request -> {});
              branch.step(request -> {});
              return order;
            }))
        .withMessageContaining("done already");
    manager.records.clear();
    execute((context, order) -> {
      leaked.add(context);
      return order;
    });
    assertThatIllegalStateException()
        .isThrownBy(() -> leaked.get(1).step("late", branch -> {}))
        .withMessageContaining("its function has ended");
  }

  @Test
  void aManagersCallIsAnsweredByWhatCameOfIt() {
    var query = "branch_id=00&gid=g1&op=order&trans_type=workflow";
    var body = "{\"item\":\"tea\",\"amount\":30}".getBytes(StandardCharsets.UTF_8);

    assertThat(
            resuming(
                    (context, order) -> {
                      context.step(
                          "wait",
                          branch -> {
                            throw new BranchOngoing("soon");
                          });
                      return order;
                    })
                .resume(query, body))
        .isEqualTo(new ResumeReply(425, "{\"dtm_result\":\"ONGOING\"}"));
    assertThat(
            resuming(
                    (context, order) -> {
                      throw new IOException("says FAILURE and ONGOING");
                    })
                .resume(query, body))
        .satisfies(reply -> {
          assertThat(reply.status()).isEqualTo(500);
          assertThat(reply.body()).contains("says failure and ongoing");
        });
    assertThat(resuming((context, order) -> order).resume(query, body))
        .isEqualTo(new ResumeReply(200, "{\"dtm_result\":\"SUCCESS\"}"));
    assertThat(manager.status).isEqualTo("succeed");
    manager.status = "failed";
    assertThat(resuming((context, order) -> order).resume(query, body).status()).isEqualTo(200);
  }

  @Test
  void aCallThatIsNoneIsTurnedAway() {
    var workflows = resuming((context, order) -> order);

    assertThat(workflows.resume(null, new byte[0]).status()).isEqualTo(400);
    assertThat(
            workflows.resume("gid=g1&op=order&trans_type=saga&branch_id=00", new byte[0]).status())
        .isEqualTo(400);
    assertThat(
            workflows
                .resume("gid=g1&op=other&trans_type=workflow&branch_id=00", new byte[0])
                .status())
        .isEqualTo(404);
    assertThat(manager.asked).isEmpty();
  }

  private Workflows resuming(WorkflowFunction<Order, Order> function) {
    return with(order(function)).build();
  }

  @Test
  void oneGidRunsOnceAtATimeAndExecutionsAreLimited() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    var workflow =
        order((context, order) -> {
          entered.countDown();
          leave.await();
          return order;
        });
    var workflows = with(workflow).executionsMax(1).build();
    var running = workflows.executeAsync(workflow, "g1", ORDER);
    entered.await();

    assertThat(workflows.execute(workflow, "g1", ORDER)).isInstanceOf(Pending.class);
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(() -> workflows.executeAsync(workflow, "g2", ORDER).join())
        .withCauseInstanceOf(RejectedExecutionException.class);
    assertThatExceptionOfType(BranchOngoing.class)
        .isThrownBy(() ->
            workflows.resume(
                BranchRequest.of("g2", TransactionMode.WORKFLOW, "00", "order"), Payload.empty()));

    leave.countDown();
    assertThat(running.join()).isEqualTo(new Succeeded<>("g1", ORDER));
    assertThat(workflows.executeAsync("order", "g1", Payload.empty()).join())
        .isInstanceOf(Succeeded.class);
  }

  @Test
  void whatIsNotThereIsNamed() {
    var workflow = order((context, order) -> order);
    var workflows = with(workflow).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> workflows.execute("other", "g1", Payload.empty()))
        .withMessage("workflow: 'other' (expected: one of order)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> workflows.execute(order((context, order) -> order), "g1", ORDER))
        .withMessageContaining("not the one that was added");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(workflow).add(workflow))
        .withMessageContaining("added before");
    assertThatIllegalStateException()
        .isThrownBy(() -> Workflows.builder(manager.client()).build())
        .withMessageContaining("no address to resume at");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workflow.of("a\nb", Order.class, (context, order) -> {}))
        .withMessageContaining("no control characters");
  }

  private static Payload bytes(int length) {
    return Payload.of(new byte[length]);
  }

  /** Does the steps, and is interrupted at the end. */
  private void interrupted(String... names) {
    assertThatExceptionOfType(WorkflowStopped.class)
        .isThrownBy(() ->
            execute((context, order) -> {
              steps(names).run(context, order);
              throw new IOException("crash");
            }));
  }

  private WorkflowFunction<Order, Order> steps(String... names) {
    return (context, order) -> {
      for (var name : names) {
        context.step(name, branch -> done.add(name));
      }
      return order;
    };
  }

  private static FakeManager.Recorded record(String branchId, String name) {
    return new FakeManager.Recorded(
        branchId, "action", "succeed", StepRecord.succeeded(name, Payload.empty()).data());
  }
}
