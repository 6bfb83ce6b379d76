package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionException;
import io.dtm.client.TransactionManagerUnavailable;
import io.dtm.client.TransactionUnknown;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks whether a manager answers, and its store: for the state of a transaction that there is not.
 * Thread-safe.
 */
public final class ManagerProbe {
  /** Should somebody have a transaction of this name after all: its state is an answer too. */
  private static final String NOBODY = "dtm-health";

  private final TransactionClient client;
  private final Duration patience;

  /**
   * @param patience how long to wait for the answer; more than zero
   */
  public ManagerProbe(TransactionClient client, Duration patience) {
    this.client = requireNonNull(client, "client");
    this.patience = requireNonNull(patience, "patience");
  }

  /**
   * Asks once, and blocks meanwhile.
   *
   * @return what to show with the good news: who has answered
   * @throws TransactionManagerUnavailable when no manager answers in time, or it cannot tell
   */
  public Map<String, Object> check() throws ExecutionException, InterruptedException {
    var answer = client.queryAsync(NOBODY);
    try {
      var unused = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      requireAnswer(e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new TransactionManagerUnavailable(
          "%s: no answer within %s".formatted(client.transport().address(), patience), e);
    }
    return Map.of(
        "manager", client.transport().address(), "protocol", client.transport().protocol());
  }

  /** That there is no such transaction is what is expected to be said. */
  private static void requireAnswer(ExecutionException failure) throws ExecutionException {
    if (failure.getCause() instanceof TransactionUnknown) {
      return;
    }
    if (failure.getCause() instanceof TransactionException said) {
      throw said;
    }
    throw failure;
  }
}
