package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

import io.dtm.client.TransactionClient;
import io.dtm.protocol.OptionsJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what {@link Workflows} need. Not thread-safe. */
public final class WorkflowsBuilder {
  private final TransactionClient client;
  private final Map<String, Workflow<?, ?>> workflows = new LinkedHashMap<>();
  private @Nullable Supplier<String> resumeAddress;
  private @Nullable Executor threads;
  private int executionsMax = Workflows.EXECUTIONS_MAX_DEFAULT;
  private long requestTimeoutSeconds;
  private long retryIntervalSeconds;

  WorkflowsBuilder(TransactionClient client) {
    this.client = requireNonNull(client, "client");
  }

  /** Adds a workflow; its name must be unlike those of the others. */
  public WorkflowsBuilder add(Workflow<?, ?> workflow) {
    if (workflows.putIfAbsent(workflow.name(), workflow) != null) {
      throw new IllegalArgumentException(
          "workflow: '%s' was added before (expected: once)".formatted(workflow.name()));
    }
    return this;
  }

  /**
   * Where managers reach {@link Workflows#resume(String, byte[])}, on any node of this application.
   *
   * @param address a complete URL; of managers over gRPC also such as {@code
   *     10.0.0.7:9090/workflow.Workflow/Execute}
   */
  public WorkflowsBuilder resumeAt(String address) {
    requireNonNull(address, "address");
    if (address.isBlank()) {
      throw new IllegalArgumentException("address: empty (expected: where managers call back)");
    }
    resumeAddress = () -> address;
    return this;
  }

  /**
   * As {@link #resumeAt(String)}, for an application that knows its address only once it listens.
   *
   * @param address asked with each execution, on its thread; what it throws, the execution throws
   */
  public WorkflowsBuilder resumeAt(Supplier<String> address) {
    resumeAddress = requireNonNull(address, "address");
    return this;
  }

  /**
   * How long the manager waits for the answer when it has a workflow resumed; one that takes longer
   * goes on nevertheless.
   *
   * @param timeout whole seconds, 1 at least. Default: the manager's, 3 seconds unless configured
   */
  public WorkflowsBuilder requestTimeout(Duration timeout) {
    requestTimeoutSeconds = wholeSeconds("timeout", timeout);
    return this;
  }

  /**
   * How long a workflow may not be heard of before the manager has it resumed for the first time;
   * longer and longer pauses follow.
   *
   * @param interval whole seconds, 1 at least. Default: the manager's, 10 seconds unless configured
   */
  public WorkflowsBuilder retryInterval(Duration interval) {
    retryIntervalSeconds = wholeSeconds("interval", interval);
    return this;
  }

  /**
   * How many executions may be under way at a time that do not run in their caller's thread:
   * asynchronous ones and those that managers resume. Default: 100.
   */
  public WorkflowsBuilder executionsMax(int max) {
    if (max < 1) {
      throw new IllegalArgumentException("max: %d (expected: 1 at least)".formatted(max));
    }
    executionsMax = max;
    return this;
  }

  /** Where asynchronous executions run. Default: daemon threads of our own, which end when idle. */
  public WorkflowsBuilder threads(Executor executor) {
    threads = requireNonNull(executor, "executor");
    return this;
  }

  /**
   * The workflows.
   *
   * @throws IllegalStateException without an address to resume at
   */
  public Workflows build() {
    return new Workflows(this, client);
  }

  Map<String, Workflow<?, ?>> workflows() {
    return workflows;
  }

  Supplier<String> resumeAddress() {
    if (resumeAddress == null) {
      throw new IllegalStateException(
          "no address to resume at (expected: one, or a workflow whose process dies never ends)");
    }
    return resumeAddress;
  }

  int executionsMax() {
    return executionsMax;
  }

  Executor threads() {
    return threads == null ? ownThreads() : threads;
  }

  OptionsJson options() {
    return new OptionsJson(
        false, 0, requestTimeoutSeconds, retryIntervalSeconds, Map.of(), false, 0, 0);
  }

  private static Executor ownThreads() {
    return Executors.newCachedThreadPool(work -> {
      var thread = new Thread(work, "dtm-workflow");
      thread.setDaemon(true);
      return thread;
    });
  }

  private static long wholeSeconds(String name, Duration value) {
    requireNonNull(value, name);
    if (value.getNano() != 0 || value.getSeconds() < 1 || value.getSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %s (expected: whole seconds, 1 at least)".formatted(name, value));
    }
    return value.getSeconds();
  }
}
