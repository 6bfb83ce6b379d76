package io.dtm.client;

import static io.dtm.client.Answers.await;
import static java.util.Objects.requireNonNull;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Operations;
import io.dtm.protocol.RegistrationJson;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
 * when the thread is interrupted while it waits for one. What ends in {@code Async} does not block;
 * its future fails with what the method of the same name throws.
 */
public final class TransactionClient {
  private final ManagerTransport transport;
  private final BranchTransport participants;
  private final Commands commands;
  private final GidGenerator gids;
  private final Waiting waiting;

  TransactionClient(
      ManagerTransport transport,
      BranchTransport participants,
      Commands commands,
      GidGenerator gids,
      Waiting waiting) {
    this.transport = transport;
    this.participants = participants;
    this.commands = commands;
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
    return new Saga(commands, Arguments.gid(gid));
  }

  /** An empty message with a new gid. */
  public Message message() {
    return message(newGid());
  }

  /** An empty message with a gid of yours, as {@link #saga(String)}. */
  public Message message(String gid) {
    return new Message(commands, participants, Arguments.gid(gid));
  }

  /** A TCC transaction with a new gid. */
  public Tcc tcc() {
    return tcc(newGid());
  }

  /** A TCC transaction with a gid of yours, as {@link #saga(String)}. */
  public Tcc tcc(String gid) {
    return new Tcc(commands, participants, Arguments.gid(gid));
  }

  /** An XA transaction with a new gid. */
  public Xa xa() {
    return xa(newGid());
  }

  /** An XA transaction with a gid of yours, as {@link #saga(String)}. */
  public Xa xa(String gid) {
    return new Xa(commands, participants, Arguments.gid(gid));
  }

  /**
   * Calls the branches of a branch: for a participant whose try has others try in the same
   * transaction. They are confirmed or cancelled before it is.
   *
   * @param parent the request of the try that is being served
   * @param headers added to every call
   * @throws IllegalArgumentException when the parent is not the try of a TCC transaction
   */
  public TccBranches nestedTcc(BranchRequest parent, Map<String, String> headers) {
    var family = BranchFamily.of(parent, TransactionMode.TCC, Operations.TRY);
    return new TccBranches(commands, participants, family, Arguments.headers(headers));
  }

  /** As {@link #nestedTcc(BranchRequest, Map)}, without headers. */
  public TccBranches nestedTcc(BranchRequest parent) {
    return nestedTcc(parent, Map.of());
  }

  /**
   * Calls the branches of a branch: for a participant whose work has others work in the same
   * transaction.
   *
   * @param parent the request that is being served
   * @param headers added to every call
   * @throws IllegalArgumentException when the parent is not the action of an XA transaction
   */
  public XaBranches nestedXa(BranchRequest parent, Map<String, String> headers) {
    var family = BranchFamily.of(parent, TransactionMode.XA, Operations.ACTION);
    return new XaBranches(commands, participants, family, Arguments.headers(headers));
  }

  /** As {@link #nestedXa(BranchRequest, Map)}, without headers. */
  public XaBranches nestedXa(BranchRequest parent) {
    return nestedXa(parent, Map.of());
  }

  /**
   * Tells the manager of an XA branch: for its participant, before it prepares.
   *
   * @param request what the participant was called with; its {@code phase2Url} is where the commit
   *     or the rollback will be asked for
   * @throws TransactionRefused when the transaction takes no branches any more; roll back then
   * @throws IllegalArgumentException when it is not the action of an XA transaction
   */
  public void registerXaBranch(BranchRequest request) {
    await(registerXaBranchAsync(request));
  }

  /** As {@link #registerXaBranch} without blocking. */
  public CompletableFuture<Void> registerXaBranchAsync(BranchRequest request) {
    if (request.mode() != TransactionMode.XA || request.phase2Url().isEmpty()) {
      throw new IllegalArgumentException(
          "request: %s of a %s (expected: action of an xa, with a phase2_url)"
              .formatted(request.operation(), request.mode().word()));
    }
    var registration =
        new RegistrationJson(
            request.gid(),
            request.mode().word(),
            request.branchId(),
            null,
            null,
            null,
            request.phase2Url(),
            null,
            null);
    return commands.register(registration, Payload.empty());
  }

  /**
   * How the transaction stands now.
   *
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public TransactionState query(String gid) {
    return await(queryAsync(gid));
  }

  /** As {@link #query} without blocking. */
  public CompletableFuture<TransactionState> queryAsync(String gid) {
    return commands.query(Arguments.gid(gid));
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
    return await(waitForAsync(gid, timeout));
  }

  /** As {@link #waitFor} without blocking; cancel the future to stop asking. */
  public CompletableFuture<TransactionState> waitForAsync(String gid, Duration timeout) {
    return OutcomeWait.start(
        commands, waiting, Arguments.gid(gid), Arguments.positive("timeout", timeout));
  }

  /**
   * Ends an unfinished transaction as failed where it stands: no branch is called any more, and
   * nothing is undone. For operators, when waiting for a participant has become pointless.
   *
   * @throws TransactionRefused when it has ended already
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public void forceStop(String gid) {
    await(commands.command(ManagerOperation.FORCE_STOP, Arguments.gid(gid)));
  }

  /**
   * Has the manager take up an unfinished transaction now instead of at its next due time, because
   * what it was waiting for is back. A parked one goes on.
   *
   * @throws TransactionUnknown when the manager has none with this gid
   */
  public void retryNow(String gid) {
    await(commands.command(ManagerOperation.RETRY_NOW, Arguments.gid(gid)));
  }

  /**
   * Has each message to the topic go to this address too, from now on, give or take a few seconds.
   *
   * @param topic 1 to 128 characters; made with its first subscriber
   * @param url where messages go to
   * @param remark for people; may be empty
   * @throws TransactionRefused when the address has subscribed already
   */
  public void subscribe(String topic, String url, String remark) {
    Arguments.participantUrl("url", url, transport.protocol());
    requireNonNull(remark, "remark");
    topic(
        ManagerOperation.SUBSCRIBE,
        topic,
        Map.of(Keys.TOPIC, topic, Keys.URL, url, Keys.REMARK, remark));
  }

  /**
   * Takes an address off a topic. Messages that the manager has already go there nevertheless.
   *
   * @throws TransactionRefused when it has not subscribed
   */
  public void unsubscribe(String topic, String url) {
    requireNonNull(url, "url");
    topic(ManagerOperation.UNSUBSCRIBE, topic, Map.of(Keys.TOPIC, topic, Keys.URL, url));
  }

  /**
   * Removes a topic with its subscribers.
   *
   * @throws TransactionRefused when there is none of this name
   */
  public void deleteTopic(String topic) {
    topic(ManagerOperation.DELETE_TOPIC, topic, Map.of(Keys.TOPIC, topic));
  }

  /** For libraries that ask managers for more than this class does. */
  public ManagerTransport transport() {
    return transport;
  }

  /** For libraries that call participants themselves. */
  public BranchTransport participants() {
    return participants;
  }

  private void topic(ManagerOperation operation, String topic, Map<String, String> members) {
    await(commands.topic(operation, Arguments.topic(topic), members));
  }

  /** Collects what a client needs. Not thread-safe. */
  public static final class Builder {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration BRANCH_TIMEOUT = Duration.ofSeconds(10);

    private final List<String> baseUrls = new ArrayList<>();
    private final List<TransactionListener> listeners = new ArrayList<>();
    private Duration connectTimeout = CONNECT_TIMEOUT;
    private Duration requestTimeout = REQUEST_TIMEOUT;
    private Duration branchTimeout = BRANCH_TIMEOUT;
    private @Nullable HttpClient httpClient;
    private @Nullable ManagerTransport transport;
    private @Nullable BranchTransport participants;

    private Builder() {}

    /**
     * Adds a manager, such as {@code http://127.0.0.1:36789}. Those added first are asked first.
     */
    public Builder baseUrl(String baseUrl) {
      baseUrls.add(Arguments.baseUrl(baseUrl));
      return this;
    }

    /**
     * How long to wait for a connection before the other side counts as unreachable. Default: 3
     * seconds.
     */
    public Builder connectTimeout(Duration timeout) {
      connectTimeout = Arguments.timeout(timeout);
      return this;
    }

    /**
     * How long to wait for a whole answer before the manager counts as unreachable. A submit that
     * waits for the result takes as long as the participants do. Default: 30 seconds.
     */
    public Builder requestTimeout(Duration timeout) {
      requestTimeout = Arguments.timeout(timeout);
      return this;
    }

    /**
     * How long to wait for the whole answer of a participant that this client calls itself: a try,
     * an XA branch's work, a check-back. Default: 10 seconds.
     */
    public Builder branchTimeout(Duration timeout) {
      branchTimeout = Arguments.timeout(timeout);
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

    /** Another way to managers than HTTP. Base URLs and the request timeout then do not count. */
    public Builder transport(ManagerTransport transport) {
      this.transport = requireNonNull(transport, "transport");
      return this;
    }

    /** Another way to participants than HTTP. The branch timeout then does not count. */
    public Builder participants(BranchTransport participants) {
      this.participants = requireNonNull(participants, "participants");
      return this;
    }

    /** Adds one who is told what becomes of this client's transactions. */
    public Builder listener(TransactionListener listener) {
      listeners.add(requireNonNull(listener, "listener"));
      return this;
    }

    /**
     * The client. Opens no connection yet.
     *
     * @throws IllegalStateException when there is neither a base URL nor a transport
     */
    public TransactionClient build() {
      return build(Waiting.real());
    }

    TransactionClient build(Waiting waiting) {
      if (baseUrls.isEmpty() && transport == null) {
        throw new IllegalStateException("no base URL (expected: 1 at least)");
      }
      var wire = new Wire();
      var gids = new GidGenerator(new SecureRandom());
      if (transport != null && participants != null) {
        // An HTTP client would hold a thread for nothing.
        return new TransactionClient(
            transport, participants, commands(transport, wire), gids, waiting);
      }
      var http = httpClient == null ? ownHttpClient() : httpClient;
      var managers = transport == null ? overHttp(http, wire) : transport;
      return new TransactionClient(
          managers,
          participants == null ? new HttpBranchTransport(http, branchTimeout, wire) : participants,
          commands(managers, wire),
          gids,
          waiting);
    }

    private Commands commands(ManagerTransport managers, Wire wire) {
      return new Commands(managers, wire, new Listeners(listeners));
    }

    private ManagerTransport overHttp(HttpClient http, Wire wire) {
      return ManagerTransport.failover(
          baseUrls.stream()
              .map(baseUrl -> new HttpTransport(http, baseUrl, requestTimeout, wire))
              .toList());
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
