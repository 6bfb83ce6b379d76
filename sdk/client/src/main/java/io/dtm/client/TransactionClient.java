package io.dtm.client;

import static java.util.Objects.requireNonNull;

import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.Paths;
import io.dtm.protocol.SubmitJson;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The way to a transaction manager. One per application is enough: it is thread-safe, and needs no
 * closing, for all it holds is idle connections.
 *
 * <pre>{@code
 * var client = TransactionClient.of("http://127.0.0.1:36789");
 *
 * var result =
 *     client
 *         .saga()
 *         .step(bank + "/TransOut", bank + "/TransOutCompensate", Map.of("amount", 30))
 *         .step(bank + "/TransIn", bank + "/TransInCompensate", Map.of("amount", 30))
 *         .waitForResult()
 *         .submit();
 * }</pre>
 *
 * <p>With several base URLs, each of a manager on the same store, a request goes to the next one
 * when one cannot be reached, does not answer in time or is overloaded. Every method that asks a
 * manager throws {@link TransactionManagerUnavailable} when none gives a usable answer, and also
 * when the thread is interrupted while it waits for one.
 */
public final class TransactionClient {
  private static final Duration POLL_FIRST = Duration.ofMillis(50);
  private static final Duration POLL_MAX = Duration.ofSeconds(1);

  private final FailoverTransport managers;
  private final Wire wire;
  private final GidGenerator gids;
  private final Waiting waiting;

  TransactionClient(FailoverTransport managers, Wire wire, GidGenerator gids, Waiting waiting) {
    this.managers = managers;
    this.wire = wire;
    this.gids = gids;
    this.waiting = waiting;
  }

  /**
   * A client with the default timeouts.
   *
   * @param baseUrls where the managers are, such as {@code http://127.0.0.1:36789}; one at least
   */
  public static TransactionClient of(String... baseUrls) {
    requireNonNull(baseUrls, "baseUrls");
    var builder = builder();
    for (var baseUrl : baseUrls) {
      builder.baseUrl(baseUrl);
    }
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** A gid that nobody else has, made here without asking a manager. */
  public String newGid() {
    return gids.next();
  }

  /** An empty saga with a new gid. */
  public Saga saga() {
    return saga(newGid());
  }

  /**
   * An empty saga with a gid of yours, such as the number of an order: submitting it twice then is
   * the same as submitting it once.
   *
   * @param gid 1 to 128 characters, no control characters, no semicolon; unlike that of any other
   *     transaction of the manager
   */
  public Saga saga(String gid) {
    return new Saga(this, Arguments.gid(gid));
  }

  /**
   * How the transaction stands now.
   *
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public TransactionState query(String gid) {
    return await(queryAsync(Arguments.gid(gid)));
  }

  /**
   * Asks again and again, at intervals that grow from 50 milliseconds to one second, until the
   * transaction has ended or the time is up. A manager that cannot be reached meanwhile is given
   * the same time to come back.
   *
   * @param timeout how long to keep asking; a last request may add the request timeout to it
   * @return how it stands at last; not {@linkplain TransactionState#isFinal() final} when the time
   *     was up
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public TransactionState waitFor(String gid, Duration timeout) {
    Arguments.gid(gid);
    Arguments.positive("timeout", timeout);
    var start = waiting.nanoTime();
    var pause = POLL_FIRST;
    while (true) {
      @Nullable TransactionState state = null;
      @Nullable TransactionManagerUnavailable trouble = null;
      try {
        state = query(gid);
      } catch (TransactionManagerUnavailable e) {
        trouble = e;
      }
      var left = timeout.minusNanos(waiting.nanoTime() - start);
      var isLast = left.isNegative() || left.isZero();
      if (state != null && (state.isFinal() || isLast)) {
        return state;
      }
      if (trouble != null && (isLast || Thread.currentThread().isInterrupted())) {
        throw trouble;
      }
      await(waiting.pause(shorter(pause, left)));
      pause = shorter(pause.multipliedBy(3).dividedBy(2), POLL_MAX);
    }
  }

  /**
   * Ends an unfinished transaction as failed where it stands: no branch is called any more, and
   * nothing is undone. For operators, when waiting for a participant has become pointless.
   *
   * @throws TransactionRefused when it has ended already
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public void forceStop(String gid) {
    command(Paths.FORCE_STOP, gid);
  }

  /**
   * Has the manager take up an unfinished transaction now instead of at its next due time, because
   * what it was waiting for is back.
   *
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public void retryNow(String gid) {
    command(Paths.RESET_NEXT_CRON_TIME, gid);
  }

  String json(Object value) {
    return wire.write(value);
  }

  CompletableFuture<TransactionResult> submit(SubmitJson saga) {
    return managers
        .post(Paths.SUBMIT, wire.write(saga))
        .thenCompose(reply -> {
          if (reply.isConflict()) {
            return outcome(saga, reply);
          }
          requireSuccess(saga.gid(), reply);
          var gid = saga.gid();
          return CompletableFuture.completedFuture(
              saga.options().waitResult()
                  ? new TransactionResult.Succeeded(gid)
                  : new TransactionResult.Accepted(gid));
        });
  }

  /**
   * A conflict says "not succeeded" at most: it may be rolled back, be on its way, or have ended
   * long ago. So ask.
   */
  private CompletableFuture<TransactionResult> outcome(SubmitJson saga, Reply conflict) {
    return managers
        .get(queryPath(saga.gid()))
        .thenApply(reply -> {
          requireAnswered(saga.gid(), reply);
          return wire.state(reply)
              .filter(state -> state.mode() == TransactionMode.SAGA)
              .filter(state -> state.status() != TransactionStatus.PREPARED)
              .map(TransactionState::result)
              .orElseThrow(() -> refused(conflict));
        });
  }

  private CompletableFuture<TransactionState> queryAsync(String gid) {
    return managers
        .get(queryPath(gid))
        .thenApply(reply -> {
          requireAnswered(gid, reply);
          return wire.state(reply).orElseThrow(() -> new TransactionUnknown(gid));
        });
  }

  private void command(String path, String gid) {
    var body =
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
    requireSuccess(gid, await(managers.post(path, wire.write(body))));
  }

  private static String queryPath(String gid) {
    return Paths.QUERY + "?gid=" + URLEncoder.encode(gid, StandardCharsets.UTF_8);
  }

  private static void requireSuccess(String gid, Reply reply) {
    requireAnswered(gid, reply);
    if (!reply.saysSuccess()) {
      throw new TransactionManagerUnavailable(
          "%s: answer not understood: %s".formatted(reply.manager(), Reply.shown(reply.text())),
          null);
    }
  }

  private static void requireAnswered(String gid, Reply reply) {
    if (reply.isSuccess()) {
      return;
    }
    if (reply.saysUnknown(gid)) {
      throw new TransactionUnknown(gid);
    }
    if (reply.status() >= 400 && reply.status() < 500) {
      throw refused(reply);
    }
    throw new TransactionManagerUnavailable(
        "%s answered %d: %s".formatted(reply.manager(), reply.status(), reply.message()), null);
  }

  private static TransactionRefused refused(Reply reply) {
    return new TransactionRefused(
        "%s answered %d: %s".formatted(reply.manager(), reply.status(), reply.message()));
  }

  /**
   * The result, or the exception with this thread's stack, for that of the thread that found out
   * helps nobody.
   */
  <T> T await(CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransactionManagerUnavailable("interrupted while waiting for the answer", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransactionException expected) {
        expected.fillInStackTrace();
        throw expected;
      }
      throw new IllegalStateException("not an answer and not a known trouble", e.getCause());
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  /** Collects what a client needs. Not thread-safe. */
  public static final class Builder {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    private final List<String> baseUrls = new ArrayList<>();
    private Duration connectTimeout = CONNECT_TIMEOUT;
    private Duration requestTimeout = REQUEST_TIMEOUT;
    private @Nullable HttpClient httpClient;

    private Builder() {}

    /**
     * Adds a manager, such as {@code http://127.0.0.1:36789}. Those added first are asked first.
     */
    public Builder baseUrl(String baseUrl) {
      baseUrls.add(Arguments.baseUrl(baseUrl));
      return this;
    }

    /**
     * How long to wait for a connection before the manager counts as unreachable. Default: 3
     * seconds.
     */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = Arguments.positive("timeout", timeout);
      return this;
    }

    /**
     * How long to wait for a whole answer before the manager counts as unreachable. A submit that
     * waits for the result takes as long as the participants do. Default: 30 seconds.
     */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = Arguments.positive("timeout", timeout);
      return this;
    }

    /**
     * The HTTP client to use in place of one of our own: for proxies, client certificates, an
     * executor. Its connect timeout then counts, not that of this builder.
     */
    public Builder httpClient(HttpClient client) {
      httpClient = requireNonNull(client, "client");
      return this;
    }

    /**
     * The client. Opens no connection yet.
     *
     * @throws IllegalStateException when there is no base URL
     */
    public TransactionClient build() {
      return build(Waiting.real());
    }

    TransactionClient build(Waiting waiting) {
      if (baseUrls.isEmpty()) {
        throw new IllegalStateException("no base URL (expected: 1 at least)");
      }
      var wire = new Wire();
      var http = httpClient == null ? ownHttpClient() : httpClient;
      return new TransactionClient(
          new FailoverTransport(http, baseUrls, requestTimeout, wire),
          wire,
          new GidGenerator(new SecureRandom()),
          waiting);
    }

    /**
     * HTTP/1.1, because the attempt to upgrade costs every new connection a detour that managers
     * decline.
     */
    private HttpClient ownHttpClient() {
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(connectTimeout)
          .build();
    }
  }
}
