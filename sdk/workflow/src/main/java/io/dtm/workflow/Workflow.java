package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

import io.dtm.client.Payload;

/**
 * A function with a name, by which managers have it resumed. Immutable; make each once, and keep it
 * in a constant.
 *
 * <pre>{@code
 * static final Workflow<Order, Receipt> ORDER =
 *     Workflow.of("order", Order.class, Receipt.class, Shop::order);
 * }</pre>
 *
 * @param <I> what it is started with: written as JSON, unless it is a {@link Payload}
 * @param <R> what it returns, likewise
 */
public final class Workflow<I, R> {
  /** The longest name of a workflow, and of a step, in characters. */
  public static final int NAME_LENGTH_MAX = 100;

  private final String name;
  private final Class<I> inputType;
  private final Class<R> resultType;
  private final WorkflowFunction<I, R> function;

  private Workflow(
      String name, Class<I> inputType, Class<R> resultType, WorkflowFunction<I, R> function) {
    this.name = Names.check("workflow", name);
    this.inputType = requireNonNull(inputType, "inputType");
    this.resultType = requireNonNull(resultType, "resultType");
    this.function = requireNonNull(function, "function");
  }

  /**
   * A workflow with a result.
   *
   * @param name 1 to 100 characters, no control characters; not to be changed while workflows of
   *     this name are under way
   */
  public static <I, R> Workflow<I, R> of(
      String name, Class<I> inputType, Class<R> resultType, WorkflowFunction<I, R> function) {
    return new Workflow<>(name, inputType, resultType, function);
  }

  /** A workflow whose result is nothing, which is an empty {@link Payload}. */
  public static <I> Workflow<I, Payload> of(
      String name, Class<I> inputType, WorkflowAction<I> action) {
    requireNonNull(action, "action");
    return new Workflow<>(
        name,
        inputType,
        Payload.class,
        (workflow, input) -> {
          action.run(workflow, input);
          return Payload.empty();
        });
  }

  public String name() {
    return name;
  }

  Class<R> resultType() {
    return resultType;
  }

  /** Runs it with input and result as managers keep them. */
  Payload run(WorkflowContext context, Payload input, Values values) throws Exception {
    return values.write(function.run(context, values.read(input, inputType)));
  }
}
