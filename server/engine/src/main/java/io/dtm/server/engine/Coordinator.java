package io.dtm.server.engine;

import static io.dtm.server.core.TransactionStatus.ABORTING;
import static io.dtm.server.core.TransactionStatus.FAILED;
import static io.dtm.server.core.TransactionStatus.PREPARED;
import static io.dtm.server.core.TransactionStatus.SUBMITTED;

import io.dtm.server.core.Branch;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.HostAndPort;
import io.dtm.server.core.Parking;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.core.Timer;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes commands on global transactions. Thread-safe. Every method may block for the store, and
 * throws {@link StoreUnavailable} when the store cannot be reached; a write may then have happened
 * or not, and the same command may be given again.
 */
public final class Coordinator {
  /** How often a command starts over when others change the transaction under its hands. */
  private static final int RACES_MAX = 100;

  /**
   * A pass begins microseconds after its claim; on a machine that is short of breath it may take a
   * little longer.
   */
  private static final Duration PATIENCE_WITH_PASS = Duration.ofSeconds(1);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String STOPPED = "force stopped";

  private final TransactionStore store;
  private final GroupCommit commits;
  private final TransactionRunner runner;
  private final RunQueue places;
  private final DueScanner scanner;
  private final TransactionPlanner planner;
  private final RetryRule retryRule;
  private final Parts parts;
  private final ParkedTransactions parked;
  private final RecentTransactions recent;

  /** What the coordinator shares with the rest of the engine. */
  record Parts(Duration lease, InstantSource clock, Timer timer, EngineListener listener) {}

  /** What a command wants to do with the transaction it found. */
  private sealed interface Step {
    /** Nothing: this is the answer. */
    record Answer(CommandOutcome outcome) implements Step {}

    /** Store this, then answer so. */
    record Store(GlobalTransaction changed, Function<GlobalTransaction, CommandOutcome> whenStored)
        implements Step {}
  }

  /**
   * A transaction as this node knows it.
   *
   * @param isRemembered whether the store may know better
   */
  private record Known(GlobalTransaction transaction, boolean isRemembered) {
    static Known stored(GlobalTransaction transaction) {
      return new Known(transaction, false);
    }

    static Known remembered(GlobalTransaction transaction) {
      return new Known(transaction, true);
    }
  }

  Coordinator(
      TransactionStore store,
      GroupCommit commits,
      TransactionRunner runner,
      RunQueue places,
      DueScanner scanner,
      TransactionPlanner planner,
      RetryRule retryRule,
      Parts parts) {
    this.store = store;
    this.commits = commits;
    this.runner = runner;
    this.places = places;
    this.scanner = scanner;
    this.planner = planner;
    this.retryRule = retryRule;
    this.parts = parts;
    this.parked = new ParkedTransactions(store, parts.clock());
    this.recent = new RecentTransactions(parts.clock());
  }

  /**
   * Stores a transaction that waits for its submit. Repeating it changes nothing.
   *
   * @return {@code Accepted}, {@code WrongStatus}, {@code WrongMode}, {@code UnknownTopic}, {@code
   *     TooManyBranches} or {@code Overloaded}
   */
  public CommandOutcome prepare(TransactionRequest request) {
    return withShare(share ->
        create(
            request,
            PREPARED,
            share,
            created -> {
              scanner.notice(created.schedule().dueAt());
              return new CommandOutcome.Accepted();
            },
            stored ->
                stored.status() == PREPARED ? new CommandOutcome.Accepted() : wrongStatus(stored)));
  }

  /**
   * Stores a transaction, or takes up a prepared one, and starts it. Repeating it while the
   * transaction is under way never makes new branches: it only has the stored ones looked at again.
   *
   * @return {@code Accepted}; {@code PassEnded} when the request's options ask to wait; {@code
   *     WrongStatus} when it is past submitted; {@code WrongMode}; {@code UnknownTopic}; {@code
   *     Overloaded}
   */
  public CommandOutcome submit(TransactionRequest request) {
    return withPlace(
        place -> submitPrepared(request, place).orElseGet(() -> submit(request, place)));
  }

  /** Submits a transaction of which this node knows that it was prepared; mostly it still is. */
  private Optional<CommandOutcome> submitPrepared(
      TransactionRequest request, RunQueue.Place place) {
    return recent
        .find(request.gid())
        .filter(prepared -> prepared.mode() == request.spec().mode())
        .map(prepared ->
            change(request.gid(), place.share(), found -> submitFound(request, found, place)))
        .filter(outcome -> !(outcome instanceof CommandOutcome.NotFound));
  }

  private CommandOutcome submit(TransactionRequest request, RunQueue.Place place) {
    boolean waits = request.options().waitResult();
    return create(
        request,
        SUBMITTED,
        place.share(),
        created -> process(created, place, waits),
        stored ->
            change(
                stored.gid(),
                Known.stored(stored),
                place.share(),
                found -> submitFound(request, found, place)));
  }

  private Step submitFound(
      TransactionRequest request, GlobalTransaction found, RunQueue.Place place) {
    boolean waits = request.options().waitResult();
    if (found.status() != PREPARED && found.status() != SUBMITTED) {
      return new Step.Answer(wrongStatus(found));
    }
    if (found.status() == SUBMITTED) {
      return takeUp(found, place, waits);
    }
    var submitted =
        claimed(found.withDefinition(redefined(found.definition(), request)))
            .movedTo(SUBMITTED, "", now());
    return new Step.Store(submitted, stored -> process(stored, place, waits));
  }

  /** Options, and whatever the client says with them, count as of the submit. */
  private static TransactionDefinition redefined(
      TransactionDefinition prepared, TransactionRequest request) {
    boolean saysMore = !request.customData().isEmpty();
    return new TransactionDefinition(
        prepared.gid(),
        saysMore ? request.spec() : prepared.spec(),
        prepared.protocol(),
        request.options(),
        prepared.checkBackUrl(),
        saysMore ? request.customData() : prepared.customData(),
        prepared.createdAt());
  }

  /** Has a transaction that is under way looked at again, unless somebody is at it. */
  private Step takeUp(GlobalTransaction found, RunQueue.Place place, boolean waits) {
    return isInHand(found)
        ? new Step.Answer(joinRunning(found, waits))
        : new Step.Store(claimed(found), stored -> process(stored, place, waits));
  }

  /**
   * Turns a prepared transaction back. A message fails at once; a TCC or XA transaction has its
   * branches cancelled or rolled back, and may be told again while that is under way. Sagas and
   * workflows turn back by themselves.
   *
   * @param mode the mode that the client believes it has
   * @param reason stored as the reason of the roll-back unless empty
   * @return {@code Accepted}; {@code PassEnded} when the transaction's options ask to wait; {@code
   *     WrongStatus}; {@code WrongMode}; {@code NotFound}; {@code Overloaded}
   */
  public CommandOutcome abort(Gid gid, TransactionMode mode, String reason) {
    return withPlace(place ->
        change(
            gid,
            place.share(),
            found -> {
              if (found.mode() != mode) {
                return new Step.Answer(new CommandOutcome.WrongMode(found.mode()));
              }
              return switch (mode) {
                case MESSAGE -> abortMessage(found, reason);
                case TCC, XA -> abortTwoPhase(found, reason, place);
                case SAGA, WORKFLOW -> new Step.Answer(wrongStatus(found));
              };
            }));
  }

  private Step abortMessage(GlobalTransaction found, String reason) {
    return found.status() == PREPARED
        ? new Step.Store(ended(found, FAILED, reason), stored -> new CommandOutcome.Accepted())
        : new Step.Answer(wrongStatus(found));
  }

  private Step abortTwoPhase(GlobalTransaction found, String reason, RunQueue.Place place) {
    boolean waits = found.options().waitResult();
    if (found.status() == ABORTING) {
      return takeUp(found, place, waits);
    }
    if (found.status() != PREPARED) {
      return new Step.Answer(wrongStatus(found));
    }
    return new Step.Store(
        claimed(found).movedTo(ABORTING, reason, now()), stored -> process(stored, place, waits));
  }

  /**
   * Adds branches to a prepared transaction. Adding the same ones again changes nothing.
   *
   * @param mode the mode that the client believes it has
   * @return {@code Accepted}, {@code WrongStatus}, {@code WrongMode}, {@code NotFound}, {@code
   *     BranchExists} or {@code Overloaded}
   */
  public CommandOutcome register(Gid gid, TransactionMode mode, List<NewBranch> branches) {
    return change(
        gid,
        found -> {
          if (found.mode() != mode) {
            return new Step.Answer(new CommandOutcome.WrongMode(found.mode()));
          }
          if (found.status() != PREPARED) {
            return new Step.Answer(wrongStatus(found));
          }
          return register(found, branches);
        });
  }

  private Step register(GlobalTransaction found, List<NewBranch> branches) {
    var added = new ArrayList<NewBranch>();
    for (var branch : branches) {
      var taken =
          found.branches().stream()
              .filter(b -> b.branchId().equals(branch.branchId()) && b.is(branch.operation()))
              .findFirst();
      if (taken.isEmpty()) {
        added.add(branch);
      } else if (!isSame(taken.get(), branch)) {
        return new Step.Answer(
            new CommandOutcome.BranchExists(branch.branchId(), branch.operation()));
      }
    }
    if (added.isEmpty()) {
      return new Step.Answer(new CommandOutcome.Accepted());
    }
    if (found.branches().size() + added.size() > TransactionPlanner.BRANCHES_MAX) {
      return new Step.Answer(new CommandOutcome.TooManyBranches(TransactionPlanner.BRANCHES_MAX));
    }
    var now = now();
    var grown = found.withAppended(added.stream().map(b -> recorded(b, now)).toList());
    return new Step.Store(heardOf(grown, now), stored -> new CommandOutcome.Accepted());
  }

  private static boolean isSame(Branch taken, NewBranch branch) {
    return taken.url().equals(branch.url())
        && taken.payload().equals(branch.payload())
        && taken.status() == branch.status();
  }

  private static Branch recorded(NewBranch branch, Instant now) {
    var planned =
        Branch.planned(branch.branchId(), branch.operation(), branch.url(), branch.payload(), now);
    return switch (branch.status()) {
      case PREPARED -> planned;
      case SUCCEEDED -> planned.withProgress(planned.progress().succeeded(now));
      case FAILED -> planned.withProgress(planned.progress().refused("", now));
    };
  }

  /** A workflow whose client has just shown that it is at work need not be resumed yet. */
  private GlobalTransaction heardOf(GlobalTransaction found, Instant now) {
    if (found.mode() != TransactionMode.WORKFLOW || found.schedule().isClaimed()) {
      return found;
    }
    var interval = retryRule.firstInterval(found.options());
    return found.withSchedule(found.schedule().due(now.plus(interval)));
  }

  /**
   * Stores a workflow, or finds the one that is there for a client that goes on with it.
   *
   * @return {@code Found}, {@code WrongMode} or {@code Overloaded}
   */
  public CommandOutcome prepareWorkflow(TransactionRequest request) {
    return withShare(share ->
        create(
            request,
            PREPARED,
            share,
            created -> {
              scanner.notice(created.schedule().dueAt());
              return new CommandOutcome.Found(created);
            },
            CommandOutcome.Found::new));
  }

  /**
   * Stores the end of a workflow as its client reports it. Reporting the same end again changes
   * nothing.
   *
   * @param end succeeded or failed
   * @param result what the workflow returned
   * @return {@code Accepted}, {@code WrongStatus}, {@code WrongMode}, {@code NotFound} or {@code
   *     Overloaded}
   */
  public CommandOutcome endWorkflow(Gid gid, TransactionStatus end, String reason, String result) {
    return change(
        gid,
        found -> {
          if (found.mode() != TransactionMode.WORKFLOW) {
            return new Step.Answer(new CommandOutcome.WrongMode(found.mode()));
          }
          if (found.status() == end) {
            return new Step.Answer(new CommandOutcome.Accepted());
          }
          if (found.status() != PREPARED) {
            return new Step.Answer(wrongStatus(found));
          }
          return new Step.Store(
              ended(found, end, reason).withResult(result),
              stored -> new CommandOutcome.Accepted());
        });
  }

  /**
   * Parks an unfinished workflow, because its client sees that resuming it is of no use before
   * somebody has looked at it. One that is parked already keeps its reason.
   *
   * @param reason for operators
   * @return {@code Accepted}, {@code WrongStatus}, {@code WrongMode}, {@code NotFound} or {@code
   *     Overloaded}
   */
  public CommandOutcome parkWorkflow(Gid gid, String reason) {
    return change(
        gid,
        found -> {
          if (found.mode() != TransactionMode.WORKFLOW) {
            return new Step.Answer(new CommandOutcome.WrongMode(found.mode()));
          }
          if (found.status().isFinal()) {
            return new Step.Answer(wrongStatus(found));
          }
          if (found.schedule().isParked()) {
            return new Step.Answer(new CommandOutcome.Accepted());
          }
          runner.running(gid).ifPresent(Pass::revoke);
          var client = found.definition().checkBackUrl();
          var parking = new Parking(reason, HostAndPort.of(client), now());
          return new Step.Store(
              found.withSchedule(found.schedule().parked(parking)),
              stored -> {
                parts.listener().on(new EngineEvent.Parked(stored, client, reason, parking));
                return new CommandOutcome.Accepted();
              });
        });
  }

  /**
   * Ends an unfinished transaction as failed where it stands, without compensating anything.
   *
   * @return {@code Accepted}, {@code WrongStatus}, {@code NotFound} or {@code Overloaded}
   */
  public CommandOutcome forceStop(Gid gid) {
    return change(
        gid,
        found -> {
          if (found.status().isFinal()) {
            return new Step.Answer(wrongStatus(found));
          }
          runner.running(gid).ifPresent(Pass::revoke);
          var reason = found.progress().rollbackReason().isEmpty() ? STOPPED : "";
          return new Step.Store(
              ended(found, FAILED, reason), stored -> new CommandOutcome.Accepted());
        });
  }

  /**
   * Has an unfinished transaction looked at now instead of at its due time, also when it is parked.
   * A finished one, or one that is being worked on, is left as it is.
   *
   * @return {@code Accepted}, {@code NotFound} or {@code Overloaded}
   */
  public CommandOutcome retryNow(Gid gid) {
    return change(
        gid,
        found ->
            found.status().isFinal() || isInHand(found)
                ? new Step.Answer(new CommandOutcome.Accepted())
                : new Step.Store(
                    found.withSchedule(found.schedule().due(now())),
                    stored -> {
                      scanner.wake();
                      return new CommandOutcome.Accepted();
                    }));
  }

  /**
   * Takes up a transaction before its due time. One that has ended, that is parked, or that another
   * node is at, is left as it is.
   *
   * @return false when it is still being worked on here or there is no place for it: worth another
   *     try
   */
  boolean resume(Gid gid) {
    if (runner.running(gid).isPresent()) {
      return false;
    }
    var place = places.reserveForResumption();
    if (place.isEmpty()) {
      return false;
    }
    try {
      var outcome =
          change(
              gid,
              place.get().share(),
              found ->
                  found.status().isFinal() || found.schedule().isParked() || isInHand(found)
                      ? new Step.Answer(new CommandOutcome.Accepted())
                      : new Step.Store(
                          claimed(found), stored -> process(stored, place.get(), false)));
      return !(outcome instanceof CommandOutcome.Overloaded);
    } finally {
      place.get().closeUnlessHandedOver();
    }
  }

  /**
   * {@link #retryNow} for up to {@code limit} transactions that would be due only after {@code
   * beyond} from now. Parked ones are among them, and come last.
   */
  public ResetOutcome retryAllNow(Duration beyond, int limit) {
    var outcome = store.makeDue(beyond, limit);
    scanner.wake();
    return outcome;
  }

  /**
   * Has parked transactions go on, as if they had been created just now: whatever counts towards a
   * limit begins anew.
   *
   * @throws IllegalArgumentException when the request's position is none of an earlier outcome
   */
  public ResumeOutcome resumeParked(ResumeRequest request) {
    var outcome = parked.resume(request);
    scanner.wake();
    return outcome;
  }

  public Optional<GlobalTransaction> find(Gid gid) {
    return store.find(gid);
  }

  /** See {@link TransactionStore#list}. */
  public TransactionPage list(TransactionFilter filter, String position, int limit) {
    return store.list(filter, position, limit);
  }

  /** Creates a transaction, or answers by what is there under its gid. */
  private CommandOutcome create(
      TransactionRequest request,
      TransactionStatus status,
      ByteBudget.Share share,
      Function<GlobalTransaction, CommandOutcome> whenCreated,
      Function<GlobalTransaction, CommandOutcome> whenFound) {
    if (!share.hold(Weights.of(request))) {
      return overloaded();
    }
    return switch (planner.plan(request, status, now())) {
      case TransactionPlanner.Plan.UnknownTopic(var topic) ->
          store
              .find(request.gid())
              .map(found -> answerFound(request, found, whenFound))
              .orElseGet(() -> new CommandOutcome.UnknownTopic(topic));
      case TransactionPlanner.Plan.TooManyBranches ignored ->
          new CommandOutcome.TooManyBranches(TransactionPlanner.BRANCHES_MAX);
      case TransactionPlanner.Plan.Ready(var planned) -> {
        var transaction = status == SUBMITTED ? claimed(planned) : planned;
        yield switch (commits.write(new WriteCommand.Create(transaction))) {
          case WriteOutcome.Applied ignored -> {
            parts.listener().on(new EngineEvent.Created(transaction));
            remember(transaction);
            yield whenCreated.apply(transaction);
          }
          case WriteOutcome.Conflict(var found) -> answerFound(request, found, whenFound);
          case WriteOutcome.Unreadable(var why) -> throw new StoredRecordUnreadable(why);
          case WriteOutcome.Locked(var why) -> throw new StoreUnavailable(why);
          case WriteOutcome.Refused(var why) -> throw new StoreUnavailable(why);
          case WriteOutcome.Missing ignored ->
              throw new IllegalStateException(
                  request.gid() + ": the store answered a create with Missing");
        };
      }
    };
  }

  private static CommandOutcome answerFound(
      TransactionRequest request,
      GlobalTransaction found,
      Function<GlobalTransaction, CommandOutcome> whenFound) {
    return found.mode() == request.spec().mode()
        ? whenFound.apply(found)
        : new CommandOutcome.WrongMode(found.mode());
  }

  private CommandOutcome change(Gid gid, Function<GlobalTransaction, Step> command) {
    return withShare(share -> change(gid, share, command));
  }

  private CommandOutcome change(
      Gid gid, ByteBudget.Share share, Function<GlobalTransaction, Step> command) {
    return recent
        .find(gid)
        .map(Known::remembered)
        .or(() -> store.find(gid).map(Known::stored))
        .map(known -> change(gid, known, share, command))
        .orElseGet(CommandOutcome.NotFound::new);
  }

  /**
   * Asks the command what to do and does it, again and again until no other writer interferes. Only
   * what is in the store is an answer's reason.
   */
  private CommandOutcome change(
      Gid gid, Known first, ByteBudget.Share share, Function<GlobalTransaction, Step> command) {
    var known = first;
    for (int race = 0; race < RACES_MAX; race++) {
      var found = known.transaction();
      if (!share.hold(Weights.of(found))) {
        return overloaded();
      }
      switch (command.apply(found)) {
        case Step.Answer(var outcome) -> {
          if (!known.isRemembered()) {
            return outcome;
          }
          var stored = store.find(gid);
          if (stored.isEmpty()) {
            return new CommandOutcome.NotFound();
          }
          known = Known.stored(stored.get());
        }
        case Step.Store(var changed, var whenStored) -> {
          var next = changed.nextVersion(now());
          switch (commits.write(new WriteCommand.Update(found, next))) {
            case WriteOutcome.Applied ignored -> {
              remember(next);
              if (next.status() != found.status()) {
                parts.listener().on(new EngineEvent.Moved(next, found.status()));
              }
              return whenStored.apply(next);
            }
            case WriteOutcome.Conflict(var actual) -> known = Known.stored(actual);
            case WriteOutcome.Unreadable(var why) -> throw new StoredRecordUnreadable(why);
            case WriteOutcome.Locked(var why) -> throw new StoreUnavailable(why);
            case WriteOutcome.Refused(var why) -> throw new StoreUnavailable(why);
            case WriteOutcome.Missing ignored -> {
              return new CommandOutcome.NotFound();
            }
          }
        }
      }
    }
    throw new StoreUnavailable("%s: changed by others %d times in a row".formatted(gid, RACES_MAX));
  }

  /** Only a prepared transaction has its client say more about it. */
  private void remember(GlobalTransaction written) {
    if (written.status() == PREPARED) {
      recent.remember(written);
    } else {
      recent.forget(written.gid());
    }
  }

  /**
   * Runs a command with a place for its pass; the place is given back here unless a pass has taken
   * it.
   */
  private CommandOutcome withPlace(Function<RunQueue.Place, CommandOutcome> command) {
    var place = places.reserveForSubmission();
    if (place.isEmpty()) {
      return overloaded();
    }
    try {
      return command.apply(place.get());
    } finally {
      place.get().closeUnlessHandedOver();
    }
  }

  /** Runs a command that changes a transaction without a pass. */
  private CommandOutcome withShare(Function<ByteBudget.Share, CommandOutcome> command) {
    try (var share = places.openForCommand()) {
      return command.apply(share);
    }
  }

  private static CommandOutcome overloaded() {
    return new CommandOutcome.Overloaded(RETRY_AFTER);
  }

  private CommandOutcome process(GlobalTransaction claimed, RunQueue.Place place, boolean waits) {
    place.handOver();
    if (!waits) {
      runner.start(claimed, place);
      return new CommandOutcome.Accepted();
    }
    return unwrapped(() -> runner.runHere(claimed, place))
        .map(Coordinator::passEnded)
        .orElseGet(() -> joinRunning(claimed, true));
  }

  private CommandOutcome joinRunning(GlobalTransaction found, boolean waits) {
    if (!waits) {
      return new CommandOutcome.Accepted();
    }
    var running = awaitPass(found);
    if (running.isEmpty()) {
      return new CommandOutcome.PassEnded(store.find(found.gid()).orElse(found));
    }
    var end = unwrapped(() -> running.get().ended().join());
    return passEnded(end);
  }

  /** A client that waits must not take a transaction that goes on elsewhere for a failed one. */
  private static CommandOutcome passEnded(PassEnd end) {
    if (end.handedOver()) {
      throw new StoreUnavailable("the server is shutting down; the transaction goes on elsewhere");
    }
    return new CommandOutcome.PassEnded(end.transaction(), end.unsettled());
  }

  /**
   * The pass over a transaction that this node has claimed. Between the claim and the beginning of
   * the pass there is a moment, in which another submit of the same gid may come by; it has to
   * wait, or it would report a pass that never was.
   */
  private Optional<Pass> awaitPass(GlobalTransaction found) {
    var running = runner.running(found.gid());
    if (running.isPresent() || !found.schedule().claimedBy().equals(runner.node())) {
      return running;
    }
    var next = runner.nextPass(found.gid());
    var alarm =
        parts.timer().at(now().plus(PATIENCE_WITH_PASS), () -> next.complete(Optional.empty()));
    try {
      boolean isOver =
          store.find(found.gid()).map(now -> now.version() != found.version()).orElse(true);
      return isOver ? Optional.empty() : next.join();
    } finally {
      alarm.cancel();
      next.complete(Optional.empty());
    }
  }

  /** Whether a pass runs over it, here or on a node whose claim holds. */
  private boolean isInHand(GlobalTransaction found) {
    return runner.running(found.gid()).isPresent()
        || (found.schedule().isClaimed() && found.schedule().dueAt().isAfter(now()));
  }

  private GlobalTransaction claimed(GlobalTransaction transaction) {
    return transaction.withSchedule(
        transaction.schedule().claimed(runner.node(), now().plus(parts.lease())));
  }

  private GlobalTransaction ended(
      GlobalTransaction transaction, TransactionStatus status, String reason) {
    var now = now();
    return transaction.movedTo(status, reason, now).withSchedule(transaction.schedule().due(now));
  }

  private static CommandOutcome wrongStatus(GlobalTransaction found) {
    return new CommandOutcome.WrongStatus(found.mode(), found.status());
  }

  private Instant now() {
    return parts.clock().instant();
  }

  private static <T> T unwrapped(Supplier<T> work) {
    try {
      return work.get();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StoreUnavailable unavailable) {
        throw unavailable;
      }
      if (e.getCause() instanceof InterruptedException) {
        throw new StoreUnavailable("the server is shutting down; the transaction goes on", e);
      }
      throw e;
    }
  }
}
