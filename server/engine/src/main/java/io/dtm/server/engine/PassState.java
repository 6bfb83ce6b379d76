package io.dtm.server.engine;

import io.dtm.server.core.BranchResult;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one pass over a transaction has started and learned so far. Confined to the thread of its
 * pass.
 */
final class PassState {
  private final BitSet inFlight = new BitSet();
  private final Map<Integer, BranchResult> unsettled = new LinkedHashMap<>();
  private boolean progressed;
  private boolean checkBackInFlight;
  private @Nullable BranchResult checkBack;

  /** A call of this branch was started. */
  void started(int branch) {
    inFlight.set(branch);
  }

  /** The running call of this branch ended, and settled it. */
  void settled(int branch) {
    inFlight.clear(branch);
    unsettled.remove(branch);
    progressed = true;
  }

  /** The running call of this branch ended, and left it open. */
  void leftOpen(int branch, BranchResult result) {
    inFlight.clear(branch);
    unsettled.put(branch, result);
  }

  void checkBackStarted() {
    checkBackInFlight = true;
  }

  void checkBackEnded(BranchResult result) {
    checkBackInFlight = false;
    checkBack = result;
  }

  boolean isInFlight(int branch) {
    return inFlight.get(branch);
  }

  boolean anyInFlight() {
    return !inFlight.isEmpty();
  }

  boolean isCheckBackInFlight() {
    return checkBackInFlight;
  }

  /** What came of the check-back of this pass; empty before its end. */
  Optional<BranchResult> checkBack() {
    return Optional.ofNullable(checkBack);
  }

  /** How the last call of this branch in this pass ended, when it left the branch open. */
  Optional<BranchResult> unsettled(int branch) {
    return Optional.ofNullable(unsettled.get(branch));
  }

  /** The branches whose last call in this pass went wrong, with what was heard. */
  Map<Integer, String> failures() {
    var found = new LinkedHashMap<Integer, String>();
    unsettled.forEach((branch, result) -> failure(result).ifPresent(f -> found.put(branch, f)));
    return found;
  }

  /**
   * The branch that keeps the transaction from going on: the first that failed in this pass, else
   * the first that was left open; empty when there is none.
   */
  Optional<Integer> firstObstacle() {
    var failures = failures().keySet();
    return (failures.isEmpty() ? unsettled.keySet() : failures).stream().min(Integer::compare);
  }

  /** What went wrong with the check-back of this pass. */
  Optional<String> checkBackFailure() {
    return checkBack().flatMap(PassState::failure);
  }

  /** Whether a call of this pass went wrong, so that the next pause has to be longer. */
  boolean hasFailures() {
    return !failures().isEmpty() || checkBackFailure().isPresent();
  }

  /** Whether some branch was settled in this pass. */
  boolean hasProgressed() {
    return progressed;
  }

  /** The first result of this pass that left something open. */
  Optional<BranchResult> firstUnsettled() {
    return unsettled.values().stream().findFirst();
  }

  /** How long the next pause has to be at least, because calls were deferred. */
  Duration deferral() {
    return Stream.concat(unsettled.values().stream(), checkBack().stream())
        .map(result ->
            result instanceof BranchResult.Deferred(var ignored, var pause) ? pause : Duration.ZERO)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  private static Optional<String> failure(BranchResult result) {
    return switch (result) {
      case BranchResult.Unclear(var message, var availability) ->
          availability == BranchResult.Availability.STILL_UNAVAILABLE
              ? Optional.empty()
              : Optional.of(message);
      case BranchResult.Refused(var message) -> Optional.of(message);
      case BranchResult.Succeeded ignored -> Optional.empty();
      case BranchResult.Ongoing ignored -> Optional.empty();
      case BranchResult.Deferred ignored -> Optional.empty();
    };
  }
}
