package io.dtm.sdk.testing;

import static java.util.Objects.requireNonNull;

import io.dtm.client.TransactionClient;
import io.dtm.sdk.testing.Switchboard.Placed;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.engine.EngineConfig;
import io.dtm.testing.embedded.EmbeddedServer;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A whole server in the test's JVM, on a free port of the loopback interface: the real engine over
 * a store in memory. Its time stands still until {@link #advance} moves it, so retries and
 * time-outs happen when the test says so. Calls of participants are real, and go to the addresses
 * that the application gave; {@link #inject} has faults befall them on the way.
 *
 * <pre>{@code
 * try (var server = TransactionServer.start()) {
 *   server.inject(Fault.REPLY_LOST, CallPattern.to("/TransIn").number(1));
 *   var gid = transfer(server.client());
 *   server.advance(Duration.ofMinutes(1));
 *   server.assertThat(gid).hasSucceeded().wasCalled("01 action", "02 action", "02 action");
 * }
 * }</pre>
 *
 * <p>Participants are called over HTTP and JSON-RPC, and have 30 seconds of real time to answer;
 * applications come in over HTTP and JSON-RPC. Thread-safe; one thread at a time may move the time
 * or restart the server.
 */
public final class TransactionServer implements AutoCloseable {
  /** Calls take real time, and a busy machine is no fault of theirs. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final Switchboard switchboard = new Switchboard(this::crash);
  private final ParticipantProxy proxy = new ParticipantProxy(switchboard);
  private final EmbeddedServer server =
      EmbeddedServer.start(
          config(EngineConfig.defaults()),
          DestinationLimits.defaults(),
          caller -> new FaultyBranchCaller(caller, switchboard, proxy));
  private final TransactionClient client = TransactionClient.of(server.baseUrl().toString());

  private record Rule(Fault fault, CallPattern calls) {}

  private TransactionServer() {}

  private static EngineConfig config(EngineConfig defaults) {
    return new EngineConfig(
        defaults.retryInterval(),
        defaults.retryIntervalMax(),
        defaults.timeoutToFail(),
        REQUEST_TIMEOUT,
        defaults.lease(),
        defaults.pollInterval(),
        defaults.lazyWriteDelay(),
        defaults.submissionsMax(),
        defaults.retriesMax(),
        defaults.pendingWritesMax(),
        defaults.writeBatchMax(),
        defaults.writers(),
        defaults.retention());
  }

  /** Starts one with the default rules of time: a first retry after 20 seconds, and so on. */
  public static TransactionServer start() {
    var server = new TransactionServer();
    server.proxy.start();
    server.followRules();
    return server;
  }

  /** Where it listens, such as {@code http://127.0.0.1:40123}; a restart does not change it. */
  public URI baseUrl() {
    return server.baseUrl();
  }

  /** A client of it. */
  public TransactionClient client() {
    return client;
  }

  /** The server's time, which begins with the year 2026. */
  public InstantSource clock() {
    return server::now;
  }

  /**
   * Moves the server's time on. Whatever falls due on the way happens in the order of its due
   * times, and is over when this returns.
   *
   * @throws IllegalStateException when a call does not come to its end within a minute of real time
   */
  public void advance(Duration duration) {
    server.advance(requireNonNull(duration, "duration"));
  }

  /** Waits until all that was submitted and is due has come to rest, without moving the time. */
  public void settle() {
    server.settle();
  }

  /**
   * From now on a fault befalls the calls that fit. Where several were given for a call, the first
   * counts.
   */
  public TransactionServer inject(Fault fault, CallPattern calls) {
    rules.add(new Rule(requireNonNull(fault, "fault"), requireNonNull(calls, "calls")));
    return this;
  }

  /** No more faults from now on. */
  public void clearFaults() {
    rules.clear();
  }

  /**
   * An address that leads to a participant's, for calls that the application itself makes, which
   * are a TCC's tries and an XA's actions: faults then befall them as well. The server's own calls
   * need none.
   *
   * @param url {@code http://} or {@code https://}, with or without a path
   */
  public String through(String url) {
    return proxy.through(requireNonNull(url, "url"));
  }

  /**
   * Every call of a branch since the start, in the order in which they began; the newest 100,000.
   */
  public List<RecordedCall> calls() {
    return switchboard.calls().stream().map(Placed::record).toList();
  }

  /** Every call of a branch of one transaction. */
  public List<RecordedCall> calls(String gid) {
    requireNonNull(gid, "gid");
    return calls().stream().filter(call -> call.gid().equals(gid)).toList();
  }

  /**
   * Has the calls arrive that {@link Fault#LATE} has held back. They are carried out when this
   * returns; nobody hears their answers.
   *
   * @return how many there were
   */
  public int deliverLate() {
    return switchboard.deliverLate();
  }

  /**
   * Has the server crash: it writes and calls nothing more, and answers requests with 503. What it
   * had stored stays.
   */
  public void crash() {
    server.crash();
  }

  /** Whether it has crashed and was not restarted yet. */
  public boolean isDown() {
    return server.isDown();
  }

  /**
   * Starts it again over what it had stored, at the same address. What it was working on is taken
   * up 10 seconds later, in its time.
   */
  public void restart() {
    server.restart();
  }

  /** What is asserted of a transaction, once it has come to rest. */
  public TransactionAssert assertThat(String gid) {
    requireNonNull(gid, "gid");
    settle();
    return new TransactionAssert(client.query(gid), calls(gid));
  }

  /** Has an explorer decide on the faults, and begins to count anew. */
  void follow(FaultScript script) {
    switchboard.forget();
    switchboard.follow(script);
  }

  /** Has the rules of {@link #inject} decide again. */
  void followRules() {
    switchboard.forget();
    switchboard.follow((call, point) ->
        rules.stream()
            .filter(rule -> rule.calls().matches(call, point.attempt()))
            .map(Rule::fault)
            .findFirst()
            .orElse(Fault.NONE));
  }

  List<Placed> placedCalls() {
    return switchboard.calls();
  }

  /** The gids of those that have not ended. */
  List<String> unfinished() {
    return server.unfinished().stream().map(one -> one.gid().value()).toList();
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      proxy.close();
    }
  }
}
