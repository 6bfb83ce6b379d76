package io.dtm.cli.verify;

import io.dtm.cli.verify.Finding.Verdict;
import io.dtm.client.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tries the rules of taking part at a running participant, one after the other, each with a
 * transaction of its own. The effects are real. For one use.
 */
public final class Verification {
  /** How often an undoing is sent together with what it undoes: who is first is up to chance. */
  private static final int RACES = 10;

  private static final String NO_MANAGER = "";

  private final BranchEndpoints branch;
  private final Plan plan;
  private final Supplier<String> gids;
  private final @Nullable StateSource source;
  private final List<Finding> findings = new ArrayList<>();
  private Map<String, String> effect = Map.of();

  /**
   * How to call.
   *
   * @param payload body of every call; empty for none
   * @param stateUrl answers with the state that the calls change; empty when there is none
   * @param concurrent how many calls are made at once
   * @param timeout of each call
   */
  public record Plan(
      Payload payload,
      Map<String, String> headers,
      String stateUrl,
      int concurrent,
      Duration timeout) {
    public Plan {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * Prepares everything; nothing is called yet.
   *
   * @param gids names for transactions that nobody has used before
   */
  public Verification(BranchEndpoints branch, Plan plan, Supplier<String> gids) {
    this.branch = branch;
    this.plan = plan;
    this.gids = gids;
    this.source =
        plan.stateUrl().isEmpty() ? null : new StateSource(plan.stateUrl(), plan.timeout());
  }

  /**
   * Tries every rule that the branch has.
   *
   * @throws VerificationFailed when the participant cannot be judged: it does not accept an
   *     ordinary call, its state cannot be read or does not show what it does
   */
  public List<Finding> run() {
    var options = new CallOptions(plan.payload(), plan.headers(), plan.timeout(), NO_MANAGER);
    try (var participant = new Participant(branch.transType(), options)) {
      forward(participant);
      branch.settling().ifPresent(settle -> settle(participant, settle));
      branch.undoing().ifPresent(undo -> undo(participant, undo));
      return List.copyOf(findings);
    }
  }

  private Trial trial(Participant participant) {
    return new Trial(participant, source, gids.get());
  }

  private void forward(Participant participant) {
    var forward = branch.forward();
    var trial = trial(participant);
    var before = trial.look();
    var answer = trial.call(forward);
    if (!answer.isDone()) {
      throw new VerificationFailed(
          "an ordinary %s was answered %s: nothing can be verified (expected: done)"
              .formatted(forward.operation(), answer));
    }
    effect = trial.changesSince(before);
    if (source != null && effect.isEmpty()) {
      throw new VerificationFailed(
          "--state %s: an ordinary %s changed nothing in it (expected: a state that shows what it does)"
              .formatted(plan.stateUrl(), forward.operation()));
    }
    repeat(trial, forward);
    var flooded = trial(participant);
    var calm = flooded.look();
    flooded.flood(forward, plan.concurrent());
    branch
        .undoing()
        .ifPresentOrElse(
            undo -> {
              flooded.mustBeDone(undo, "the");
              flooded.mustBeAsIn(calm, "after one %s".formatted(undo.operation()));
            },
            () -> flooded.mustHaveChangedBy(effect, calm, "in all"));
    findings.add(flooded.finding(atOnce(forward)));
  }

  private void repeat(Trial trial, Endpoint endpoint) {
    var once = trial.look();
    trial.mustBeDone(endpoint, "a repeated");
    trial.mustBeAsIn(once, "the repetition changed");
    findings.add(trial.finding("a repeated %s takes effect once".formatted(endpoint.operation())));
  }

  private String atOnce(Endpoint endpoint) {
    return "%d times the same %s at once take effect once"
        .formatted(plan.concurrent(), endpoint.operation());
  }

  private void settle(Participant participant, Endpoint settle) {
    var trial = trial(participant);
    trial.mustBeDone(branch.forward(), "the");
    var tried = trial.look();
    trial.mustBeDone(settle, "the");
    var settled = trial.changesSince(tried);
    findings.add(
        trial.finding("%s follows %s".formatted(settle.operation(), branch.forward().operation())));
    repeat(trial, settle);

    var flooded = trial(participant);
    flooded.mustBeDone(branch.forward(), "the");
    var calm = flooded.look();
    flooded.flood(settle, plan.concurrent());
    flooded.mustHaveChangedBy(settled, calm, "in all");
    findings.add(flooded.finding(atOnce(settle)));
  }

  private void undo(Participant participant, Endpoint undo) {
    var forward = branch.forward();
    var trial = trial(participant);
    var before = trial.look();
    trial.mustBeDone(forward, "the");
    trial.mustBeDone(undo, "the");
    trial.mustBeAsIn(before, "after both");
    findings.add(
        trial.finding(
            "%s takes back what %s did".formatted(undo.operation(), forward.operation())));
    repeat(trial, undo);

    var flooded = trial(participant);
    var calm = flooded.look();
    flooded.mustBeDone(forward, "the");
    flooded.flood(undo, plan.concurrent());
    flooded.mustBeAsIn(calm, "in all");
    findings.add(flooded.finding(atOnce(undo)));

    outOfOrder(participant, undo);
    race(participant, undo);
  }

  private void outOfOrder(Participant participant, Endpoint undo) {
    var forward = branch.forward();
    var trial = trial(participant);
    var before = trial.look();
    trial.mustBeDone(undo, "the");
    trial.mustBeAsIn(before, "it changed");
    findings.add(
        trial.finding(
            "%s without %s changes nothing, and is done"
                .formatted(undo.operation(), forward.operation())));
    var late = "%s after its %s takes no effect".formatted(forward.operation(), undo.operation());
    var undone = trial.look();
    var unused = trial.call(forward);
    trial.mustBeAsIn(undone, "it changed");
    findings.add(judgedByEffects(trial.finding(late)));
  }

  private void race(Participant participant, Endpoint undo) {
    var forward = branch.forward();
    var rule =
        "%s and %s at once leave nothing behind".formatted(forward.operation(), undo.operation());
    var broken = Optional.<Finding>empty();
    var last = new Finding(Verdict.NOT_JUDGED, rule, "");
    for (int i = 0; i < RACES && broken.isEmpty(); i++) {
      var trial = trial(participant);
      var before = trial.look();
      trial.race(forward, undo);
      trial.mustBeDone(undo, "the repeated");
      trial.mustBeAsIn(before, "it changed");
      last = trial.finding(rule);
      broken = Optional.of(last).filter(finding -> finding.verdict() == Verdict.BROKEN);
    }
    findings.add(broken.orElse(judgedByEffects(last)));
  }

  /** Any answer is right here, so without a look at the effects there is nothing to judge by. */
  static Finding judgedByEffects(Finding finding) {
    return finding.verdict() == Verdict.HOLDS_BY_ANSWERS
        ? new Finding(Verdict.NOT_JUDGED, finding.rule(), "needs --state")
        : finding;
  }
}
