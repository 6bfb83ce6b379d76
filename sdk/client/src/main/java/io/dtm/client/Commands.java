package io.dtm.client;

import static java.util.concurrent.CompletableFuture.completedFuture;

import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.RegistrationJson;
import io.dtm.protocol.SubmitJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What managers are asked, and what their answers mean. Thread-safe. */
final class Commands {
  private static final int REASON_LENGTH_MAX = 1_000;

  private final ManagerTransport managers;
  private final Wire wire;
  private final TransactionListener listener;

  Commands(ManagerTransport managers, Wire wire, TransactionListener listener) {
    this.managers = managers;
    this.wire = wire;
    this.listener = listener;
  }

  Wire wire() {
    return wire;
  }

  ManagerTransport managers() {
    return managers;
  }

  CompletableFuture<TransactionResult> submit(TransactionRequest transaction) {
    listener.begun(transaction.mode(), transaction.gid());
    return told(transaction, submitted(transaction), Optional::of);
  }

  private CompletableFuture<TransactionResult> submitted(TransactionRequest transaction) {
    return ask(ManagerOperation.SUBMIT, transaction)
        .thenCompose(reply -> {
          if (reply.isConflict() || isUnclearOutcome(transaction, reply)) {
            return outcome(transaction, reply);
          }
          reply.requireDone(transaction.gid());
          var gid = transaction.gid();
          return completedFuture(
              transaction.waitsForResult()
                  ? new TransactionResult.Succeeded(gid)
                  : new TransactionResult.Accepted(gid));
        });
  }

  /**
   * Stores it, to be submitted or aborted later.
   *
   * @return empty when that can be done now; what came of the transaction when it has been done
   *     before
   */
  CompletableFuture<Optional<TransactionResult>> prepare(TransactionRequest transaction) {
    listener.begun(transaction.mode(), transaction.gid());
    return told(transaction, prepared(transaction), decided -> decided);
  }

  private CompletableFuture<Optional<TransactionResult>> prepared(TransactionRequest transaction) {
    return ask(ManagerOperation.PREPARE, transaction)
        .thenCompose(reply -> {
          if (reply.isConflict()) {
            return outcome(transaction, reply).thenApply(Optional::of);
          }
          reply.requireDone(transaction.gid());
          return completedFuture(Optional.empty());
        });
  }

  /** Turns it back. What came of that is asked, for others may have decided before. */
  CompletableFuture<TransactionResult> abort(TransactionRequest transaction, String reason) {
    var shown =
        reason.length() <= REASON_LENGTH_MAX
            ? reason
            : reason.substring(0, REASON_LENGTH_MAX) + "…";
    var aborted =
        ask(new ManagerRequest(
                ManagerOperation.ABORT,
                transaction.gid(),
                wire.write(transaction.json(shown)),
                List.of()))
            .thenCompose(reply -> {
              if (!reply.isConflict() && !isUnclearOutcome(transaction, reply)) {
                reply.requireDone(transaction.gid());
              }
              return outcome(transaction, reply);
            });
    return told(transaction, aborted, Optional::of);
  }

  /**
   * The same, and the listener hears of it first.
   *
   * @param outcome what came of the transaction, if that is known by then
   */
  private <T> CompletableFuture<T> told(
      TransactionRequest transaction,
      CompletableFuture<T> answer,
      Function<? super T, Optional<TransactionResult>> outcome) {
    return answer.whenComplete((result, failure) -> {
      if (failure != null) {
        listener.failed(transaction.mode(), transaction.gid(), Failures.cause(failure));
      } else {
        outcome.apply(result).ifPresent(known -> listener.ended(transaction.mode(), known));
      }
    });
  }

  CompletableFuture<Void> register(RegistrationJson registration, Payload payload) {
    return ask(new ManagerRequest(
            ManagerOperation.REGISTER_BRANCH,
            registration.gid(),
            wire.write(registration),
            payload.isEmpty() ? List.of() : List.of(payload)))
        .thenAccept(reply -> reply.requireDone(registration.gid()));
  }

  CompletableFuture<TransactionState> query(String gid) {
    return ask(query(ManagerOperation.QUERY, gid))
        .thenApply(reply -> {
          reply.requireAnswered(gid);
          return wire.state(reply).orElseThrow(() -> new TransactionUnknown(gid));
        });
  }

  /** A command that needs to know the gid only. */
  CompletableFuture<Void> command(ManagerOperation operation, String gid) {
    return ask(query(operation, gid)).thenAccept(reply -> reply.requireDone(gid));
  }

  CompletableFuture<Void> topic(
      ManagerOperation operation, String topic, Map<String, String> json) {
    return ask(new ManagerRequest(operation, topic, wire.write(json), List.of()))
        .thenAccept(reply -> reply.requireDone(topic));
  }

  /** Whoever waits is told of a participant's unclear answer as if the manager had failed. */
  private static boolean isUnclearOutcome(TransactionRequest transaction, Reply reply) {
    return transaction.waitsForResult() && reply.status() == 500;
  }

  /**
   * A conflict says "not succeeded" at most: it may be rolled back, be on its way, or have ended
   * long ago. So ask.
   */
  private CompletableFuture<TransactionResult> outcome(
      TransactionRequest transaction, Reply conflict) {
    return ask(query(ManagerOperation.QUERY, transaction.gid()))
        .thenApply(reply -> {
          if (reply.saysUnknown(transaction.gid())) {
            throw conflict.refused();
          }
          reply.requireAnswered(transaction.gid());
          return wire.state(reply)
              .filter(state -> state.mode() == transaction.mode())
              .filter(state -> state.status() != TransactionStatus.PREPARED)
              .map(TransactionState::result)
              .orElseThrow(conflict::refused);
        });
  }

  private CompletableFuture<Reply> ask(ManagerOperation operation, TransactionRequest transaction) {
    return ask(
        new ManagerRequest(
            operation, transaction.gid(), wire.write(transaction.json()), transaction.payloads()));
  }

  private CompletableFuture<Reply> ask(ManagerRequest request) {
    return managers
        .call(request)
        .toCompletableFuture()
        .thenApply(reply -> new Reply(reply.manager(), reply.status(), reply.body(), wire));
  }

  private ManagerRequest query(ManagerOperation operation, String gid) {
    var json =
        new SubmitJson(
            Arguments.gid(gid),
            "",
            List.of(),
            List.of(),
            "",
            "",
            "",
            "",
            Map.of(),
            new OptionsJson(false, 0, 0, 0, Map.of(), false, 0, 0));
    return new ManagerRequest(operation, gid, wire.write(json), List.of());
  }
}
