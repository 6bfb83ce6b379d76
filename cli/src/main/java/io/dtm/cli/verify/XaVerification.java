package io.dtm.cli.verify;

import io.dtm.cli.verify.Finding.Verdict;
import io.dtm.cli.verify.Verification.Plan;
import io.dtm.client.BranchRefused;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionException;
import io.dtm.protocol.Operations;
import io.dtm.protocol.TransTypes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The same for a branch of XA, which registers itself at its manager: each rule is tried within a
 * transaction that a manager knows, and that is turned back afterwards, so that nothing stays
 * prepared. For one use.
 */
public final class XaVerification {
  private static final int RACES = 10;

  /** Long enough for every rule; a manager that hears no more turns back by itself then. */
  private static final Duration TRANSACTION_MAX = Duration.ofMinutes(10);

  private final TransactionClient manager;
  private final Plan plan;
  private final Supplier<String> gids;
  private final @Nullable StateSource source;
  private final Endpoint action;
  private final Endpoint commit;
  private final Endpoint rollback;
  private final List<Finding> findings = new ArrayList<>();
  private Map<String, String> effect = Map.of();

  /**
   * Prepares everything; nothing is called yet.
   *
   * @param url where both phases are asked for
   * @param manager at which the participant registers its branches
   * @param gids names for transactions that nobody has used before
   */
  public XaVerification(String url, TransactionClient manager, Plan plan, Supplier<String> gids) {
    this.manager = manager;
    this.plan = plan;
    this.gids = gids;
    this.source =
        plan.stateUrl().isEmpty() ? null : new StateSource(plan.stateUrl(), plan.timeout());
    this.action = new Endpoint(Operations.ACTION, url);
    this.commit = new Endpoint(Operations.COMMIT, url);
    this.rollback = new Endpoint(Operations.ROLLBACK, url);
  }

  /**
   * Tries every rule.
   *
   * @throws VerificationFailed as {@link Verification#run}, or when the manager does not answer
   */
  public List<Finding> run() {
    var options =
        new CallOptions(
            plan.payload(), plan.headers(), plan.timeout(), manager.transport().address());
    try (var participant = new Participant(TransTypes.XA, options)) {
      inTransaction(participant, this::forward);
      inTransaction(participant, this::repeatedAction);
      inTransaction(participant, this::actionsAtOnce);
      inTransaction(participant, this::commitsAtOnce);
      inTransaction(participant, this::takenBack);
      inTransaction(participant, this::outOfOrder);
      race(participant);
      return List.copyOf(findings);
    }
  }

  /** What the rule leaves prepared is rolled back before the next one is tried. */
  private void inTransaction(Participant participant, Consumer<Trial> rule) {
    var gid = gids.get();
    var trial = new Trial(participant, source, gid);
    try {
      var unused =
          manager
              .xa(gid)
              .timeoutToFail(TRANSACTION_MAX)
              .run(branches -> {
                rule.accept(trial);
                throw new BranchRefused("verified");
              });
      var end = manager.waitFor(gid, plan.timeout());
      if (!end.isFinal()) {
        manager.forceStop(gid);
      }
    } catch (TransactionException e) {
      throw new VerificationFailed("the manager: " + e.getMessage(), e);
    }
  }

  private void forward(Trial trial) {
    var before = trial.look();
    var answer = trial.call(action);
    if (!answer.isDone()) {
      throw new VerificationFailed(
          "an ordinary action was answered %s: nothing can be verified (expected: done)"
              .formatted(answer));
    }
    trial.mustBeAsIn(before, "it changed");
    add(trial, "action takes no effect before its commit");
    trial.mustBeDone(commit, "the");
    effect = trial.changesSince(before);
    if (source != null && effect.isEmpty()) {
      throw new VerificationFailed(
          "--state %s: action and commit changed nothing in it (expected: a state that shows what they do)"
              .formatted(plan.stateUrl()));
    }
    var committed = trial.look();
    trial.mustBeDone(commit, "a repeated");
    trial.mustBeAsIn(committed, "the repetition changed");
    add(trial, "a repeated commit takes effect once");
  }

  private void repeatedAction(Trial trial) {
    var before = trial.look();
    trial.mustBeDone(action, "the");
    trial.mustBeDone(action, "a repeated");
    trial.mustBeDone(commit, "the");
    trial.mustHaveChangedBy(effect, before, "in all");
    add(trial, "a repeated action takes effect once");
  }

  private void actionsAtOnce(Trial trial) {
    var before = trial.look();
    trial.flood(action, plan.concurrent());
    trial.mustBeDone(commit, "the");
    trial.mustHaveChangedBy(effect, before, "in all");
    add(trial, atOnce(action));
  }

  private void commitsAtOnce(Trial trial) {
    var before = trial.look();
    trial.mustBeDone(action, "the");
    trial.flood(commit, plan.concurrent());
    trial.mustHaveChangedBy(effect, before, "in all");
    add(trial, atOnce(commit));
  }

  private String atOnce(Endpoint endpoint) {
    return "%d times the same %s at once take effect once"
        .formatted(plan.concurrent(), endpoint.operation());
  }

  private void takenBack(Trial trial) {
    var before = trial.look();
    trial.mustBeDone(action, "the");
    trial.mustBeDone(rollback, "the");
    trial.mustBeDone(rollback, "a repeated");
    var unused = trial.call(commit);
    trial.mustBeAsIn(before, "after action, rollback and a late commit");
    add(trial, "rollback takes back what action prepared, also when it is repeated");
  }

  private void outOfOrder(Trial trial) {
    var before = trial.look();
    trial.mustBeDone(rollback, "the");
    trial.mustBeAsIn(before, "it changed");
    add(trial, "rollback without action changes nothing, and is done");
    leaveBehind(trial, before);
    findings.add(judgedByEffects(trial.finding("action after its rollback prepares nothing")));
  }

  /** What is prepared now would take effect by this commit. */
  private void leaveBehind(Trial trial, Trial.Look before) {
    var late = trial.call(action);
    var unused = trial.call(commit);
    trial.mustBeAsIn(before, "answered %s, and committed it changed".formatted(late));
  }

  private void race(Participant participant) {
    var rule = "action and rollback at once leave nothing behind";
    var seen = new ArrayList<Finding>();
    for (int i = 0; i < RACES; i++) {
      inTransaction(
          participant,
          trial -> {
            var before = trial.look();
            trial.race(action, rollback);
            trial.mustBeDone(rollback, "the repeated");
            var unused = trial.call(commit);
            trial.mustBeAsIn(before, "it changed");
            seen.add(trial.finding(rule));
          });
    }
    findings.add(
        seen.stream()
            .filter(finding -> finding.verdict() == Verdict.BROKEN)
            .findFirst()
            .orElseGet(() -> judgedByEffects(seen.get(0))));
  }

  private void add(Trial trial, String rule) {
    findings.add(trial.finding(rule));
  }

  private static Finding judgedByEffects(Finding finding) {
    return Verification.judgedByEffects(finding);
  }
}
