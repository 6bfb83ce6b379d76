package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRequest;
import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionMode;
import io.dtm.client.TransactionRefused;
import io.dtm.protocol.OptionsJson;
import io.dtm.workflow.WorkflowResult.Pending;
import io.dtm.workflow.WorkflowResult.Succeeded;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The workflows of an application: runs them, and has managers resume them. One per application and
 * manager is enough. Thread-safe.
 *
 * <pre>{@code
 * var workflows =
 *     Workflows.builder(client)
 *         .resumeAt("http://10.0.0.7:8080/workflows")
 *         .add(ORDER)
 *         .build();
 *
 * var result = workflows.execute(ORDER, "order-4711", order);
 * }</pre>
 */
public final class Workflows {
  /** The most steps of a workflow: two digits count them, as in all clients. */
  public static final int STEPS_MAX = 99;

  /** The largest result of a step, and of a workflow, in bytes. */
  public static final int RESULT_BYTES_MAX = 1024 * 1024;

  /**
   * The results of all steps of a workflow, in bytes: managers tell of them in one answer, which
   * over gRPC may have 4 MiB.
   */
  public static final int HISTORY_BYTES_MAX = 3 * 1024 * 1024;

  /** How many executions may be under way that do not run in their caller's thread, by default. */
  public static final int EXECUTIONS_MAX_DEFAULT = 100;

  private final Map<String, Workflow<?, ?>> workflows;
  private final Supplier<String> resumeAddress;
  private final OptionsJson options;
  private final Values values = new Values();
  private final WorkflowRun runs;
  private final Executor threads;
  private final Semaphore places;
  private final Set<String> atWork = ConcurrentHashMap.newKeySet();

  Workflows(WorkflowsBuilder builder, TransactionClient client) {
    this.workflows = Map.copyOf(builder.workflows());
    this.resumeAddress = builder.resumeAddress();
    this.options = builder.options();
    this.threads = builder.threads();
    this.places = new Semaphore(builder.executionsMax());
    this.runs =
        new WorkflowRun(new WorkflowCommands(client.transport()), client.participants(), values);
  }

  /**
   * Collects what is needed.
   *
   * @param client the way to managers and participants; over gRPC, that of {@code dtm-sdk-grpc}
   */
  public static WorkflowsBuilder builder(TransactionClient client) {
    return new WorkflowsBuilder(client);
  }

  /**
   * Runs a workflow in this thread, or goes on with it; one that has ended is not run again.
   *
   * @param gid the workflow's global transaction, such as {@code order-4711}: 1 to 128 characters,
   *     no control characters, no semicolon
   * @param input the same each time for one gid
   * @return {@code Succeeded}, {@code RolledBack} or {@code Pending}
   * @throws WorkflowStopped when the function threw something else; the manager has it run again
   * @throws HistoryChanged when the function asks for other steps than were recorded
   * @throws TransactionManagerUnavailable when no manager answered; executing it again is safe, and
   *     the manager resumes what it has heard of
   * @throws TransactionRefused when the manager does not take it, for instance because the gid is
   *     that of a transaction of another mode
   */
  public <I, R> WorkflowResult<R> execute(Workflow<I, R> workflow, String gid, I input) {
    return typed(workflow, run(registered(workflow), gid, values.write(input)));
  }

  /** As {@link #execute(Workflow, String, Object)}, for a name and bytes that come from outside. */
  public WorkflowResult<Payload> execute(String name, String gid, Payload input) {
    return run(registered(name), gid, requireNonNull(input, "input"));
  }

  /**
   * As {@link #execute(Workflow, String, Object)} in another thread.
   *
   * @return fails with what that would throw, and with {@link RejectedExecutionException} when as
   *     many executions as may be are under way; nothing was begun then
   */
  public <I, R> CompletableFuture<WorkflowResult<R>> executeAsync(
      Workflow<I, R> workflow, String gid, I input) {
    var bytes = values.write(input);
    var known = registered(workflow);
    return elsewhere(() -> typed(workflow, run(known, gid, bytes)));
  }

  /** As {@link #executeAsync(Workflow, String, Object)}, for a name and bytes. */
  public CompletableFuture<WorkflowResult<Payload>> executeAsync(
      String name, String gid, Payload input) {
    requireNonNull(input, "input");
    var known = registered(name);
    return elsewhere(() -> run(known, gid, input));
  }

  /**
   * Carries out a manager's call at the address of {@link WorkflowsBuilder#resumeAt}, over HTTP.
   * Takes as long as the workflow does. Throws nothing.
   *
   * @param query the part of the URL behind the question mark, still encoded; null for none
   * @param body of the request; empty for a {@code GET}
   */
  public ResumeReply resume(@Nullable String query, byte[] body) {
    return ResumeReplies.of(
        () -> BranchRequest.fromQuery(query),
        workflows.keySet(),
        request -> resume(request, Payload.of(body)));
  }

  /**
   * The same in other surroundings, such as gRPC. Returning says that the workflow has ended,
   * whatever its end.
   *
   * @throws BranchOngoing when the manager is to ask again at even intervals
   * @throws IllegalArgumentException when it is no such call, or the workflow is unknown here
   * @throws WorkflowStopped when it stopped; also {@link HistoryChanged} and {@link
   *     TransactionManagerUnavailable}. In each case the manager is to ask again, later and later
   */
  public void resume(BranchRequest request, Payload input) {
    if (request.mode() != TransactionMode.WORKFLOW) {
      throw new IllegalArgumentException(
          "request: of a %s (expected: workflow)".formatted(request.mode().word()));
    }
    var workflow = registered(request.operation());
    if (!places.tryAcquire()) {
      throw new BranchOngoing("as many workflows as may be are under way here");
    }
    try {
      if (run(workflow, request.gid(), input) instanceof Pending<Payload> pending) {
        throw pending.cause() instanceof BranchOngoing ongoing
            ? ongoing
            : new WorkflowStopped(request.gid(), workflow.name(), pending.cause());
      }
    } finally {
      places.release();
    }
  }

  /** One run at a time for each gid, for two would do each step twice. */
  private WorkflowResult<Payload> run(Workflow<?, ?> workflow, String gid, Payload input) {
    requireNonNull(gid, "gid");
    var address = resumeAddress.get();
    if (!atWork.add(gid)) {
      return new Pending<>(gid, new BranchOngoing("the workflow is being run here already"));
    }
    try {
      return runs.carryOut(
          workflow, new WorkflowRequest(gid, workflow.name(), input, address, options));
    } finally {
      atWork.remove(gid);
    }
  }

  private <R> WorkflowResult<R> typed(Workflow<?, R> workflow, WorkflowResult<Payload> result) {
    return result.fold(
        succeeded ->
            new Succeeded<>(succeeded.gid(), values.read(succeeded.value(), workflow.resultType())),
        rolledBack -> new WorkflowResult.RolledBack<>(rolledBack.gid(), rolledBack.reason()),
        pending -> new Pending<>(pending.gid(), pending.cause()));
  }

  private <T> CompletableFuture<T> elsewhere(Supplier<T> work) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new RejectedExecutionException("as many workflows as may be are under way here"));
    }
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return work.get();
            } finally {
              places.release();
            }
          },
          threads);
    } catch (RejectedExecutionException e) {
      places.release();
      return CompletableFuture.failedFuture(e);
    }
  }

  private Workflow<?, ?> registered(Workflow<?, ?> workflow) {
    if (registered(workflow.name()) != workflow) {
      throw new IllegalArgumentException(
          "workflow: '%s' is not the one that was added (expected: the same)"
              .formatted(workflow.name()));
    }
    return workflow;
  }

  private Workflow<?, ?> registered(String name) {
    var workflow = workflows.get(requireNonNull(name, "name"));
    if (workflow == null) {
      throw new IllegalArgumentException(
          "workflow: '%s' (expected: one of %s)"
              .formatted(name, String.join(", ", workflows.keySet().stream().sorted().toList())));
    }
    return workflow;
  }
}
