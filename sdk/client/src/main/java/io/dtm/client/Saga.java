package io.dtm.client;

import static java.util.Objects.requireNonNull;

import io.dtm.protocol.SagaDataJson;
import io.dtm.protocol.StepJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A saga: steps that each take effect at once, and each come with the call that undoes them. Either
 * every step succeeds, or those that may have run are undone, last one first. Made by {@link
 * TransactionClient#saga()}; filled step by step; submitted at the end.
 *
 * <p>The manager calls each URL with {@code POST} and the payload as JSON body ({@code GET} where
 * there is no payload), and adds {@code gid}, {@code trans_type}, {@code branch_id} and {@code op}
 * to its query. It takes status 200 for done, 409 for a refusal, which turns the saga back, 425 for
 * "ask again later", and repeats the call after anything else; so a participant must expect to be
 * called more than once.
 *
 * <p>Not thread-safe. Every setter changes this object and returns it. Submitting it again is safe:
 * it has the same gid.
 */
public final class Saga extends GlobalTransaction<Saga> {
  /** In place of a compensation's URL: there is nothing to undo. */
  public static final String NO_COMPENSATION = "";

  private final List<StepJson> steps = new ArrayList<>();
  private final List<Payload> payloads = new ArrayList<>();
  private final Map<Integer, List<Integer>> orders = new TreeMap<>();
  private boolean concurrent;
  private long timeoutToFailSeconds;
  private int retryLimit;

  Saga(Commands commands, String gid) {
    super(commands, TransactionMode.SAGA, gid);
  }

  @Override
  Saga self() {
    return this;
  }

  /**
   * Adds a step.
   *
   * @param actionUrl does it; complete, for it is the manager that calls it: {@code
   *     http://10.0.0.7:8080/debit}
   * @param compensateUrl undoes it, also when the action has never arrived; or {@link
   *     #NO_COMPENSATION}
   * @param payload sent with both as JSON: a record, a map, a list, a bean. A {@link Payload} is
   *     sent as it stands; for a text that is JSON already see {@link #rawStep}
   * @throws IllegalArgumentException when the payload cannot be written as JSON; the saga then is
   *     as it was
   */
  public Saga step(String actionUrl, String compensateUrl, Object payload) {
    requireNonNull(payload, "payload");
    return add(actionUrl, compensateUrl, commands().wire().payload(payload));
  }

  /**
   * Adds a step without payload: its participant is called with {@code GET}, and finds in the URL
   * all that it needs.
   */
  public Saga step(String actionUrl, String compensateUrl) {
    return add(actionUrl, compensateUrl, Payload.empty());
  }

  /**
   * Adds a step whose payload is sent as it stands.
   *
   * @param payload the body of both calls; empty for none, see {@link #step(String, String)}
   */
  public Saga rawStep(String actionUrl, String compensateUrl, String payload) {
    return add(actionUrl, compensateUrl, Payload.of(requireNonNull(payload, "payload")));
  }

  /**
   * Has the steps run side by side instead of one after another, except where {@link #after} says
   * otherwise. Compensations run side by side as well, in the opposite order where there is one.
   */
  public Saga concurrent() {
    concurrent = true;
    return this;
  }

  /**
   * Has a step of a concurrent saga wait until others have succeeded. Steps are counted from 0 in
   * the order of their adding.
   *
   * @param step a step that has been added
   * @param predecessors steps that were added before it, so that no two can wait for each other
   */
  public Saga after(int step, int... predecessors) {
    requireNonNull(predecessors, "predecessors");
    if (step < 0 || step >= steps.size()) {
      throw new IllegalArgumentException(
          "step: %d (expected: 0 to %d, the steps added so far)".formatted(step, steps.size() - 1));
    }
    for (int predecessor : predecessors) {
      if (predecessor < 0 || predecessor >= step) {
        throw new IllegalArgumentException(
            "predecessors: %d (expected: 0 to %d, the steps added before step %d)"
                .formatted(predecessor, step - 1, step));
      }
    }
    var known = orders.getOrDefault(step, List.of());
    orders.put(
        step,
        IntStream.concat(known.stream().mapToInt(Integer::intValue), IntStream.of(predecessors))
            .distinct()
            .sorted()
            .boxed()
            .toList());
    return this;
  }

  /**
   * Turns the saga back if it has not succeeded by then, counted from its submission.
   *
   * @param timeout whole seconds, 1 at least. Default: never, the manager goes on trying
   */
  public Saga timeoutToFail(Duration timeout) {
    timeoutToFailSeconds = Arguments.wholeSeconds("timeout", timeout);
    return this;
  }

  /**
   * Turns the saga back once an action has been repeated this often without a clear answer.
   * Compensations are repeated without end.
   *
   * @param limit 0 or more; 0, the default: without end
   */
  public Saga retryLimit(int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("limit: %d (expected: >= 0)".formatted(limit));
    }
    retryLimit = limit;
    return this;
  }

  /**
   * Hands the saga to the manager.
   *
   * @return {@code Accepted}; from a saga that {@linkplain #waitForResult() waits} {@code
   *     Succeeded}, {@code RolledBack} or {@code Pending}. Submitting one again that has come to
   *     its end, or is on its way back, tells that as well
   * @throws TransactionManagerUnavailable when no manager answered; submit this same saga again to
   *     be sure
   * @throws TransactionRefused when the manager does not take it, for instance because the gid
   *     belongs to a transaction of another mode
   * @throws IllegalStateException when it has no step
   */
  public TransactionResult submit() {
    return Answers.await(submitAsync());
  }

  /**
   * As {@link #submit()} without blocking.
   *
   * @return fails with the {@link TransactionException} that {@link #submit()} would throw
   * @throws IllegalStateException when it has no step
   */
  public CompletableFuture<TransactionResult> submitAsync() {
    if (steps.isEmpty()) {
      throw new IllegalStateException("saga %s: no step (expected: 1 at least)".formatted(gid()));
    }
    return commands().submit(request());
  }

  private Saga add(String actionUrl, String compensateUrl, Payload payload) {
    var protocol = commands().managers().protocol();
    Arguments.participantUrl("actionUrl", actionUrl, protocol);
    requireNonNull(compensateUrl, "compensateUrl");
    if (!compensateUrl.equals(NO_COMPENSATION)) {
      Arguments.participantUrl("compensateUrl", compensateUrl, protocol);
    }
    steps.add(new StepJson(actionUrl, compensateUrl, null));
    payloads.add(payload);
    return this;
  }

  private TransactionRequest request() {
    var isSpecial = concurrent || !orders.isEmpty();
    return new TransactionRequest(
        gid(),
        mode(),
        steps,
        payloads,
        "",
        isSpecial ? commands().wire().write(new SagaDataJson(orders, concurrent)) : "",
        options(timeoutToFailSeconds, retryLimit, false));
  }
}
