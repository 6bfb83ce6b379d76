package io.dtm.client;

import static io.dtm.client.Answers.await;
import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import io.dtm.protocol.StepJson;
import io.dtm.protocol.Topics;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A two-phase message: calls of other services that are made if, and only if, a local transaction
 * of the sender commits; each until it succeeds. Made by {@link TransactionClient#message()}.
 *
 * <pre>{@code
 * client
 *     .message()
 *     .step(bank + "/TransIn", transfer)
 *     .doAndSubmit(shop + "/committed", connection, barrier, c -> takeFromAlice(c, 30));
 * }</pre>
 *
 * <p>The manager is told of the message first, then the local transaction runs and commits, then
 * the message is submitted. When that last word does not come, the manager asks the sender, at its
 * check-back URL, whether it committed. Without a local transaction see {@link #submit()}.
 *
 * <p>A step cannot refuse: the manager repeats it until it has succeeded.
 *
 * <p>Not thread-safe. Every setter changes this object and returns it.
 */
public final class Message extends GlobalTransaction<Message> {
  /** The branch as which the sender is asked. */
  private static final String SENDER = "00";

  private final BranchTransport participants;
  private final List<StepJson> steps = new ArrayList<>();
  private final List<Payload> payloads = new ArrayList<>();
  private String checkBackUrl = "";
  private long checkBackAfterSeconds;
  private long delaySeconds;
  private boolean concurrent;

  Message(Commands commands, BranchTransport participants, String gid) {
    super(commands, TransactionMode.MESSAGE, gid);
    this.participants = participants;
  }

  @Override
  Message self() {
    return this;
  }

  /**
   * Adds a step.
   *
   * @param url complete, for it is the manager that calls it: {@code http://10.0.0.7:8080/credit}
   * @param payload sent as JSON; a {@link Payload} is sent as it stands
   * @throws IllegalArgumentException when the payload cannot be written as JSON; the message then
   *     is as it was
   */
  public Message step(String url, Object payload) {
    Arguments.participantUrl("url", url, commands().managers().protocol());
    return add(url, commands().wire().payload(requireNonNull(payload, "payload")));
  }

  /** Adds a step without payload: its participant is called with {@code GET}. */
  public Message step(String url) {
    return step(url, Payload.empty());
  }

  /**
   * Adds a step for each subscriber that the topic has when the manager is told of the message.
   *
   * @param name of a topic with one subscriber at least; see {@link TransactionClient#subscribe}
   * @param payload as in {@link #step(String, Object)}
   */
  public Message topic(String name, Object payload) {
    return add(
        Topics.PREFIX + Arguments.topic(name),
        commands().wire().payload(requireNonNull(payload, "payload")));
  }

  /** Has the steps run side by side instead of one after another. */
  public Message concurrent() {
    concurrent = true;
    return this;
  }

  /**
   * Has the steps wait, counted from the time at which the manager was told of the message.
   *
   * @param delay whole seconds, 1 at least. Default: none
   */
  public Message delay(Duration delay) {
    delaySeconds = Arguments.wholeSeconds("delay", delay);
    return this;
  }

  /**
   * After which time the manager asks the sender whether it committed. It should be longer than the
   * local transaction takes.
   *
   * @param time whole seconds, 1 at least. Default: the manager's, 35 seconds unless configured
   */
  public Message checkBackAfter(Duration time) {
    checkBackAfterSeconds = Arguments.wholeSeconds("time", time);
    return this;
  }

  /**
   * Hands the message to the manager without a local transaction; or after it, when the message
   * {@linkplain #prepare has been prepared}.
   *
   * @return {@code Accepted}; from a message that {@linkplain #waitForResult() waits} {@code
   *     Succeeded} or {@code Pending}; {@code RolledBack} when the manager was told, or found out
   *     by its check-back, that there was no commit
   * @throws TransactionManagerUnavailable when no manager answered; submit this same message again,
   *     or leave it to the check-back
   * @throws TransactionRefused when the manager does not take it, for instance because nobody has
   *     subscribed to a topic
   * @throws IllegalStateException when it has no step
   */
  public TransactionResult submit() {
    return await(submitAsync());
  }

  /** As {@link #submit()} without blocking; fails with what that would throw. */
  public CompletableFuture<TransactionResult> submitAsync() {
    return commands().submit(request());
  }

  /**
   * Runs a local transaction and sends the message if it commits.
   *
   * <p>When the local transaction throws {@link BranchRefused}, the message is dropped. When it
   * throws anything else, the sender's check-back is asked whether it committed nevertheless: the
   * message is sent if so, dropped if not, and left to the manager's own check-back when that is
   * unclear.
   *
   * @param checkBackUrl where the sender answers whether the local transaction of a gid committed:
   *     200 for yes, 409 for no, and then it must never commit; barriers see to that
   * @return as {@link #submit()}; {@code RolledBack} when the local transaction refused. A message
   *     that has been decided before is not sent again: then this tells what came of it
   * @throws E what the local transaction threw, unless it turned out to have committed
   * @throws TransactionManagerUnavailable when no manager answered; if that was after the commit,
   *     the manager finds out by its check-back
   * @throws TransactionRefused as {@link #submit()}
   */
  public <E extends Exception> TransactionResult doAndSubmit(
      String checkBackUrl, LocalTransaction<E> work) throws E {
    requireNonNull(work, "work");
    var decided = prepare(checkBackUrl);
    if (decided.isPresent()) {
      return decided.get();
    }
    return sender().run(work);
  }

  /**
   * Runs a local transaction on a connection and sends the message if it commits: writes the
   * record, executes the statements, commits, submits. A connection that commits by itself stops
   * doing so meanwhile; on another, whatever was executed before is committed as well.
   *
   * @param checkBackUrl where the sender answers whether the local transaction of a gid committed:
   *     200 for yes, 409 for no
   * @param record writes the record that the check-back looks for
   * @param work nothing of it takes effect when it throws; {@link BranchRefused} is no error, but
   *     an outcome
   * @return as {@link #doAndSubmit(String, LocalTransaction)}
   * @throws SQLException from the database; the message is dropped, unless the commit was unclear:
   *     then the check-back decides, now or later
   * @throws E what the work threw; the message is dropped
   * @throws BranchException when the record was there already and the sender does not tell now what
   *     became of its local transaction; the manager finds out by its check-back
   * @throws TransactionManagerUnavailable as {@link #doAndSubmit(String, LocalTransaction)}
   * @throws TransactionRefused as {@link #submit()}
   */
  public <E extends Exception> TransactionResult doAndSubmit(
      String checkBackUrl, Connection connection, CommitRecord record, JdbcWork<E> work)
      throws SQLException, E {
    requireNonNull(connection, "connection");
    requireNonNull(record, "record");
    requireNonNull(work, "work");
    var decided = prepare(checkBackUrl);
    if (decided.isPresent()) {
      return decided.get();
    }
    return sender().run(connection, record, work);
  }

  /**
   * Tells the manager of the message, for a local transaction that you drive yourself: begin it,
   * write the record of this gid, commit, and then {@link #submit()} or {@link #abort}.
   *
   * @return empty; or what came of the message, when it has been decided before
   * @throws TransactionManagerUnavailable when no manager answered; run nothing then
   * @throws TransactionRefused as {@link #submit()}
   */
  public Optional<TransactionResult> prepare(String checkBackUrl) {
    return await(prepareAsync(checkBackUrl));
  }

  /** As {@link #prepare} without blocking; fails with what that would throw. */
  public CompletableFuture<Optional<TransactionResult>> prepareAsync(String checkBackUrl) {
    this.checkBackUrl =
        Arguments.participantUrl("checkBackUrl", checkBackUrl, commands().managers().protocol());
    return commands().prepare(request());
  }

  /**
   * Drops a message that has been prepared, because its local transaction did not commit and will
   * not.
   *
   * @param reason for whoever asks later
   * @return {@code RolledBack}, or what else came of the message
   * @throws TransactionManagerUnavailable when no manager answered; the check-back finds out
   */
  public TransactionResult abort(String reason) {
    return await(abortAsync(reason));
  }

  /** As {@link #abort} without blocking; fails with what that would throw. */
  public CompletableFuture<TransactionResult> abortAsync(String reason) {
    return commands().abort(request(), requireNonNull(reason, "reason"));
  }

  private MessageSender sender() {
    var request = BranchRequest.of(gid(), mode(), SENDER, Operations.MSG);
    return new MessageSender(
        this,
        participants,
        new BranchCall(checkBackUrl, request, Payload.empty(), branchHeaders()));
  }

  private Message add(String action, Payload payload) {
    steps.add(new StepJson(action, null, null));
    payloads.add(payload);
    return this;
  }

  private TransactionRequest request() {
    if (steps.isEmpty()) {
      throw new IllegalStateException(
          "message %s: no step (expected: 1 at least)".formatted(gid()));
    }
    return new TransactionRequest(
        gid(),
        mode(),
        steps,
        payloads,
        checkBackUrl,
        delaySeconds == 0 ? "" : commands().wire().write(Map.of(Keys.DELAY, delaySeconds)),
        options(checkBackAfterSeconds, 0, concurrent));
  }
}
