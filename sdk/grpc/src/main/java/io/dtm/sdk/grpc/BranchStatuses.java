package io.dtm.sdk.grpc;

import io.dtm.client.BranchException;
import io.dtm.client.BranchOngoing;
import io.dtm.client.BranchRefused;
import io.dtm.client.BranchUnclear;
import io.dtm.protocol.Results;
import io.grpc.Status;
import java.util.Objects;
import java.util.Optional;

/** What participants say, as exceptions and as statuses. */
final class BranchStatuses {
  private BranchStatuses() {}

  /** As the protocol has it; empty for what is not about a branch. */
  static Optional<Status> of(Throwable failure) {
    if (failure instanceof BranchRefused) {
      return Optional.of(described(Status.ABORTED, failure));
    }
    if (failure instanceof BranchOngoing) {
      return Optional.of(described(Status.FAILED_PRECONDITION, failure));
    }
    if (failure instanceof BranchUnclear) {
      return Optional.of(described(Status.UNAVAILABLE, failure));
    }
    return Optional.empty();
  }

  /**
   * What the participant's status means.
   *
   * @param who says so, for people
   */
  static BranchException exception(String who, Status status) {
    var text = Objects.requireNonNullElse(status.getDescription(), "");
    return switch (status.getCode()) {
      case ABORTED ->
          text.equals(Results.ONGOING)
              ? new BranchOngoing("%s is still at work".formatted(who), status.getCause())
              : new BranchRefused("%s refused: %s".formatted(who, text), status.getCause());
      case FAILED_PRECONDITION ->
          new BranchOngoing("%s is still at work: %s".formatted(who, text), status.getCause());
      case DEADLINE_EXCEEDED ->
          new BranchUnclear("%s: no answer in time".formatted(who), status.getCause());
      default ->
          new BranchUnclear(
              "%s answered %s: %s".formatted(who, status.getCode(), text), status.getCause());
    };
  }

  /** Managers take a refusal with this very word for "ask again", as old participants meant it. */
  private static Status described(Status status, Throwable failure) {
    var text = Objects.requireNonNullElse(failure.getMessage(), "");
    return status
        .withDescription(text.equals(Results.ONGOING) ? text + "." : text)
        .withCause(failure);
  }
}
