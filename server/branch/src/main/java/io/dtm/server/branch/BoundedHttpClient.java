package io.dtm.server.branch;

import io.dtm.server.branch.FreshnessCheck.StaleConnection;
import io.dtm.server.branch.FreshnessCheck.TakenBack;
import io.dtm.server.core.BranchResult.Availability;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.ZipException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends HTTP requests from virtual threads, each within one limit of time for the whole of it, and
 * reads answers up to a limit of bytes. Nothing is sent twice: a request goes out again only when
 * it is certain that no byte of it was sent. Thread-safe.
 */
public final class BoundedHttpClient implements AutoCloseable {
  /** Followed for one request; the last one counts as an error. */
  private static final int REDIRECTS_MAX = 10;

  /** How many closed connections one request may come across. */
  private static final int STALE_CONNECTIONS_MAX = 1_024;

  /**
   * An idle connection is kept for so long, unless the peer names a time: shorter than the idle
   * time-outs that servers commonly come with (2 s and more), so that a request does not cross with
   * the peer's closing.
   */
  private static final Duration KEEP_ALIVE = Duration.ofMillis(1_500);

  private static final Duration KEEP_ALIVE_MAX = Duration.ofSeconds(30);

  /** A connection is given up so much earlier than the peer says that it will close it. */
  private static final Duration KEEP_ALIVE_MARGIN = Duration.ofSeconds(1);

  /** TLS connections that were idle for so long are probed, which takes a millisecond. */
  private static final Duration TLS_PROBE_AFTER = Duration.ofMillis(100);

  private static final Duration SWEEP_PERIOD = Duration.ofSeconds(2);
  private static final String JSON = "application/json";

  private static final String GZIP = "gzip";
  private static final Logger LOG = LoggerFactory.getLogger(BoundedHttpClient.class);

  private final String userAgent;

  /**
   * The running call's, for the look-up of hosts: the client library passes nothing of the call on
   * to it.
   */
  @SuppressWarnings("ThreadLocalUsage") // one for each client, and removed after each call
  private final ThreadLocal<Deadline> deadline = new ThreadLocal<>();

  private final ScheduledThreadPoolExecutor alarms;
  private final HostLookup hosts;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final LargeAnswers largeAnswers = new LargeAnswers(LargeAnswers.PATIENCE);
  private volatile boolean closed;

  /** A client that calls every destination directly. */
  public static BoundedHttpClient create() {
    return new BoundedHttpClient("dtm-java", ProxyRules.none());
  }

  public BoundedHttpClient(String userAgent, ProxyRules proxies) {
    this(userAgent, proxies, InetAddress::getAllByName);
  }

  BoundedHttpClient(String userAgent, ProxyRules proxies, HostLookup.SystemLookup lookup) {
    this.userAgent = userAgent;
    alarms =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("http-deadlines").daemon().factory());
    alarms.setRemoveOnCancelPolicy(true);
    hosts = new HostLookup(lookup, () -> deadline.get().remainingNanos());
    connections = connectionManager(hosts);
    client =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setRequestExecutor(new FreshnessCheck())
            .setRoutePlanner(proxies.routePlanner())
            .setKeepAliveStrategy((response, context) -> keepAlive(response))
            .setDefaultRequestConfig(requestConfig())
            .setDefaultCookieSpecRegistry(name -> null)
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableConnectionState()
            .disableContentCompression()
            .disableDefaultUserAgent()
            .build();
  }

  private static RequestConfig requestConfig() {
    return RequestConfig.custom()
        .setMaxRedirects(REDIRECTS_MAX)
        .setCircularRedirectsAllowed(true)
        .setAuthenticationEnabled(false)
        .setProtocolUpgradeEnabled(false)
        .build();
  }

  private static PoolingHttpClientConnectionManager connectionManager(HostLookup hosts) {
    var builder =
        new PoolingHttpClientConnectionManagerBuilder() {
          @Override
          protected HttpClientConnectionOperator createConnectionOperator(
              SchemePortResolver ports, DnsResolver dns, TlsSocketStrategy tls) {
            return new DefaultHttpClientConnectionOperator(
                new ChannelSockets(),
                ports,
                dns,
                RegistryBuilder.<TlsSocketStrategy>create()
                    .register(URIScheme.HTTPS.id, tls)
                    .build());
          }
        };
    // How many calls there may be is decided by DestinationLimits, so the pool itself never makes
    // anybody wait. Reads know no time-out of their own, since the deadline cuts off what takes too
    // long: a timer set and taken back for each read would cost a tenth of the server's processor.
    return builder
        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
        .setConnPoolPolicy(PoolReusePolicy.LIFO)
        .setMaxConnPerRoute(Integer.MAX_VALUE)
        .setMaxConnTotal(Integer.MAX_VALUE)
        .setConnectionConfigResolver(BoundedHttpClient::connectionConfig)
        .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(Timeout.DISABLED).build())
        .setDnsResolver(hosts)
        .setTlsSocketStrategy(new LazyTls(DefaultClientTlsStrategy::createDefault))
        .build();
  }

  private static ConnectionConfig connectionConfig(HttpRoute route) {
    var probeAfter =
        route.isSecure() ? TimeValue.of(TLS_PROBE_AFTER) : TimeValue.NEG_ONE_MILLISECOND;
    return ConnectionConfig.custom().setValidateAfterInactivity(probeAfter).build();
  }

  /** Sockets that can be asked without waiting whether something has arrived. */
  private static final class ChannelSockets implements DetachedSocketFactory {
    @Override
    public Socket create(Proxy ignored) throws IOException {
      return SocketChannel.open().socket();
    }
  }

  /**
   * Reads the trusted certificates when the first TLS connection is made, not while the server
   * starts.
   */
  private static final class LazyTls implements TlsSocketStrategy {
    private final Supplier<TlsSocketStrategy> source;
    private volatile @Nullable TlsSocketStrategy loaded;

    LazyTls(Supplier<TlsSocketStrategy> source) {
      this.source = source;
    }

    @Override
    public SSLSocket upgrade(
        Socket socket, String host, int port, Object attachment, HttpContext context)
        throws IOException {
      var strategy = loaded;
      if (strategy == null) {
        strategy = source.get();
        loaded = strategy;
      }
      return strategy.upgrade(socket, host, port, attachment, context);
    }
  }

  private static TimeValue keepAlive(HttpResponse response) {
    var elements = MessageSupport.iterate(response, HeaderElements.KEEP_ALIVE);
    while (elements.hasNext()) {
      var element = elements.next();
      if (element.getName().equalsIgnoreCase("timeout")) {
        return parsedSeconds(element.getValue())
            .map(announced -> TimeValue.of(shortened(announced)))
            .orElseGet(() -> TimeValue.of(KEEP_ALIVE));
      }
    }
    return TimeValue.of(KEEP_ALIVE);
  }

  private static Optional<Duration> parsedSeconds(@Nullable String text) {
    try {
      return text == null
          ? Optional.empty()
          : Optional.of(Duration.ofSeconds(Integer.parseInt(text)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Duration shortened(Duration announced) {
    var early = announced.minus(KEEP_ALIVE_MARGIN);
    var half = announced.dividedBy(2);
    var safe = early.compareTo(half) > 0 ? early : half;
    return safe.compareTo(KEEP_ALIVE_MAX) < 0 ? safe : KEEP_ALIVE_MAX;
  }

  /** Begins to close connections that have been idle for too long. */
  public void start() {
    var unusedUntilClose =
        alarms.scheduleWithFixedDelay(
            this::sweep, SWEEP_PERIOD.toMillis(), SWEEP_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** On a thread of its own, since saying good-bye over TLS may block. */
  private void sweep() {
    Thread.ofVirtual().name("http-sweep").start(connections::closeExpired);
  }

  /** Sends one request and waits for its end, at most for the call's timeout. */
  HttpOutcome exchange(HttpCall call) {
    if (closed) {
      return new HttpOutcome.Unanswered("the server is shutting down", Availability.ANSWERED);
    }
    try (var limit = new Deadline(call.timeout(), alarms)) {
      deadline.set(limit);
      return exchange(call, limit);
    } finally {
      deadline.remove();
    }
  }

  private HttpOutcome exchange(HttpCall call, Deadline limit) {
    try {
      for (int stale = 0; stale < STALE_CONNECTIONS_MAX; stale++) {
        var request = request(call);
        limit.guard(request);
        try {
          return read(client.executeOpen(null, request, context(call)));
        } catch (StaleConnection e) {
          LOG.trace("{}: {}", call.uri(), e.getMessage());
        } finally {
          // Drops the connection of an answer that was not read to its end; one that was has given
          // its connection back already.
          // Closing the answer would wait until the peer has said everything.
          request.cancel();
        }
      }
      return new HttpOutcome.Unanswered(
          "%d kept-alive connections in a row were closed".formatted(STALE_CONNECTIONS_MAX),
          Availability.UNAVAILABLE);
    } catch (TakenBack e) {
      return new HttpOutcome.NotSent();
    } catch (IOException e) {
      return limit.isPassed()
          ? new HttpOutcome.Unanswered(
              "no whole answer within %d ms".formatted(call.timeout().toMillis()),
              Availability.UNAVAILABLE)
          : new HttpOutcome.Unanswered(describe(e), availability(e));
    }
  }

  /** Somebody who breaks the rules of HTTP or of gzip is there all the same. */
  private static Availability availability(IOException e) {
    return e instanceof ClientProtocolException || e instanceof ZipException
        ? Availability.ANSWERED
        : Availability.UNAVAILABLE;
  }

  private static HttpClientContext context(HttpCall call) {
    var context = HttpClientContext.create();
    context.setAttribute(FreshnessCheck.MAY_BEGIN, call.mayBegin());
    return context;
  }

  private HttpUriRequestBase request(HttpCall call) {
    var request = new HttpUriRequestBase(call.method().name(), call.uri());
    request.setHeader(HttpHeaders.CONTENT_TYPE, JSON);
    request.setHeader(HttpHeaders.ACCEPT, JSON);
    request.setHeader(HttpHeaders.USER_AGENT, userAgent);
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, GZIP);
    call.headers().forEach(request::setHeader);
    if (call.method() == HttpCall.Method.POST) {
      var isChunked = call.payload().isEmpty();
      request.setEntity(new ByteArrayEntity(call.payload().bytes(), null, null, isChunked));
    }
    return request;
  }

  private HttpOutcome.Answered read(ClassicHttpResponse response) throws IOException {
    var entity = response.getEntity();
    if (entity == null) {
      return new HttpOutcome.Answered(response.getCode(), AnswerBody.empty());
    }
    var isZipped = GZIP.equalsIgnoreCase(entity.getContentEncoding());
    var body =
        AnswerBody.read(entity.getContent(), entity.getContentLength(), isZipped, largeAnswers);
    return new HttpOutcome.Answered(response.getCode(), body);
  }

  private static String describe(IOException e) {
    var text = new StringBuilder(e.getClass().getSimpleName()).append(": ").append(e.getMessage());
    for (var cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && text.indexOf(cause.getMessage()) < 0) {
        text.append(": ").append(cause.getMessage());
      }
    }
    return text.toString();
  }

  /** Cuts off what is still running. */
  @Override
  public void close() {
    closed = true;
    alarms.shutdownNow();
    client.close(CloseMode.IMMEDIATE);
    connections.close(CloseMode.IMMEDIATE);
    hosts.close();
  }
}
