package io.dtm.client;

import io.dtm.protocol.OptionsJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What global transactions of every mode have in common: a gid, and how the manager is to carry
 * them out. Every setter changes this object and returns it. Not thread-safe.
 *
 * @param <S> the mode's own type
 */
public abstract sealed class GlobalTransaction<S extends GlobalTransaction<S>>
    permits Saga, Message, TwoPhaseTransaction {
  /** The largest factor that managers take. */
  private static final int RETRY_FACTOR_MAX = 100;

  private final Commands commands;
  private final TransactionMode mode;
  private final String gid;
  private final Map<String, String> branchHeaders = new LinkedHashMap<>();
  private boolean waitForResult;
  private long requestTimeoutSeconds;
  private long retryIntervalSeconds;
  private int retryFactor;
  private long retryMaxIntervalSeconds;
  private int retryMaxAttempts;
  private long retryMaxAgeSeconds;

  GlobalTransaction(Commands commands, TransactionMode mode, String gid) {
    this.commands = commands;
    this.mode = mode;
    this.gid = gid;
  }

  abstract S self();

  /** What the transaction is known by; keep it where you want to ask for it later. */
  public final String gid() {
    return gid;
  }

  /**
   * Has the submit answer only after a first attempt at all that the manager has to do, which tells
   * the outcome unless a participant is slow or down. Default: the submit answers as soon as the
   * manager has the transaction, durably.
   */
  public final S waitForResult() {
    waitForResult = true;
    return self();
  }

  /**
   * How long the manager waits for a participant's answer before it counts the call as unclear.
   *
   * @param timeout whole seconds, 1 at least. Default: the manager's, 3 seconds unless configured
   */
  public final S requestTimeout(Duration timeout) {
    requestTimeoutSeconds = Arguments.wholeSeconds("timeout", timeout);
    return self();
  }

  /**
   * How long the manager waits before it tries again for the first time; it waits longer each time.
   *
   * @param interval whole seconds, 1 at least. Default: the manager's, 10 seconds unless configured
   */
  public final S retryInterval(Duration interval) {
    retryIntervalSeconds = Arguments.wholeSeconds("interval", interval);
    return self();
  }

  /**
   * By which each pause is longer than the one before. DTM itself does not know this option, nor
   * the three that follow; it always doubles, and never parks.
   *
   * @param factor 1 to 100; 1 keeps pauses as long as the first. Default: the manager's, 2 unless
   *     configured
   */
  public final S retryFactor(int factor) {
    if (factor < 1 || factor > RETRY_FACTOR_MAX) {
      throw new IllegalArgumentException(
          "factor: %d (expected: 1 to %d)".formatted(factor, RETRY_FACTOR_MAX));
    }
    retryFactor = factor;
    return self();
  }

  /**
   * How long pauses get at most.
   *
   * @param interval whole seconds, 1 at least. Default: the manager's, 10 minutes unless configured
   */
  public final S retryMaxInterval(Duration interval) {
    retryMaxIntervalSeconds = Arguments.wholeSeconds("interval", interval);
    return self();
  }

  /**
   * Parks the transaction after so many failed attempts in a row: it keeps its status, and is tried
   * no more until somebody has it resumed.
   *
   * @param attempts 1 or more. Default: the manager's, without end unless configured
   */
  public final S retryMaxAttempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: %d (expected: >= 1)".formatted(attempts));
    }
    retryMaxAttempts = attempts;
    return self();
  }

  /**
   * Parks the transaction after so long a time without any progress, as {@link #retryMaxAttempts}
   * does.
   *
   * @param age whole seconds, 1 at least. Default: the manager's, without end unless configured
   */
  public final S retryMaxAge(Duration age) {
    retryMaxAgeSeconds = Arguments.wholeSeconds("age", age);
    return self();
  }

  /**
   * Adds a header to every call of a participant: a token or a tenant, say. The manager stores it
   * and shows it to operators. Over gRPC it becomes metadata, its name in lower case.
   */
  public final S branchHeader(String name, String value) {
    branchHeaders.put(Arguments.headerName(name), Arguments.headerValue(value));
    return self();
  }

  /**
   * Passes on headers of the request that this transaction serves to every participant: those of
   * the names that the request has.
   *
   * @param incoming tells a header's value by its name, such as {@code request::getHeader}; null
   *     when there is none
   */
  public final S passThroughHeaders(Function<String, @Nullable String> incoming, String... names) {
    for (var name : names) {
      var value = incoming.apply(name);
      if (value != null) {
        branchHeader(name, value);
      }
    }
    return self();
  }

  final Commands commands() {
    return commands;
  }

  final TransactionMode mode() {
    return mode;
  }

  final Map<String, String> branchHeaders() {
    return Map.copyOf(branchHeaders);
  }

  final OptionsJson options(long timeoutToFailSeconds, int retryLimit, boolean concurrent) {
    return new OptionsJson(
        waitForResult,
        timeoutToFailSeconds,
        requestTimeoutSeconds,
        retryIntervalSeconds,
        branchHeaders,
        concurrent,
        retryLimit,
        retryFactor,
        retryMaxIntervalSeconds,
        retryMaxAttempts,
        retryMaxAgeSeconds,
        0);
  }
}
