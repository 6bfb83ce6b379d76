package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.Paths;
import io.dtm.server.api.BodyReader.Body;
import io.dtm.server.core.ByteBudget;
import io.dtm.server.core.ConnectionLimit;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: read it whole, find its route, answer, whatever happens. Thread-safe.
 */
final class EdgeHandler implements Handler {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeHandler.class);
  private static final byte[] NO_BYTES = new byte[0];
  private static final HeaderName TRACEPARENT = HeaderNames.create(Keys.TRACEPARENT);
  private static final HeaderName TRACESTATE = HeaderNames.create(Keys.TRACESTATE);

  /** Asked most when the server is in trouble. */
  private static final Set<String> UNLIMITED_PATHS = Set.of(Paths.PING);

  private final RouteTable routes;
  private final BodyReader bodies;
  private final TransferDeadlines deadlines;
  private final Replies replies;
  private final DirectErrors errors;
  private final Failures failures;
  private final Limits limits;
  private final InstantSource clock;

  private final int requestsMax;
  private final Semaphore permits;
  private volatile boolean stopping;

  /**
   * What requests share.
   *
   * @param bytes for bodies and answers
   */
  record Limits(ByteBudget bytes, ConnectionLimit<Thread> connections) {}

  EdgeHandler(
      RouteTable routes,
      HttpEdgeConfig config,
      TransferDeadlines deadlines,
      Replies replies,
      DirectErrors errors,
      Failures failures,
      Limits limits,
      InstantSource clock) {
    this.routes = routes;
    this.bodies = new BodyReader(config.bodyBytesMax());
    this.deadlines = deadlines;
    this.replies = replies;
    this.errors = errors;
    this.failures = failures;
    this.limits = limits;
    this.clock = clock;
    this.requestsMax = config.requestsMax();
    this.permits = new Semaphore(config.requestsMax());
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    var startedAt = clock.instant();
    try (var room = limits.bytes().open()) {
      handle(request, response, room);
    }
    if (LOG.isDebugEnabled()) {
      var prologue = request.prologue();
      LOG.debug(
          "{} {} {} in {} ms",
          prologue.method().text(),
          prologue.uriPath().rawPath(),
          response.status().code(),
          Duration.between(startedAt, clock.instant()).toMillis());
    }
    if (!goesOn(request)) {
      throw new CloseConnectionException("the client or the server has no further request");
    }
  }

  private void handle(ServerRequest request, ServerResponse response, ByteBudget.Share room) {
    Body body;
    try {
      body = bodies.read(request, room);
    } catch (RequestException e) {
      sendLast(request, response, errors.reply(e.status(), e.getMessage()));
      return;
    }
    deadlines.end();
    switch (body) {
      case Body.Whole whole -> answer(request, response, whole.bytes(), room);
      case Body.TooLong ignored -> send(request, response, errors.tooLong());
      case Body.NoRoom ignored -> send(request, response, noRoom());
    }
  }

  private Reply noRoom() {
    return replies.tryAgain(Failures.NO_ROOM, Failures.RETRY_AFTER);
  }

  /** Has every new request answered with 503. */
  void refuse() {
    stopping = true;
  }

  /** Likewise, and waits until those in work have been answered. */
  void stop(Duration patience) throws InterruptedException {
    refuse();
    if (permits.tryAcquire(requestsMax, patience.toMillis(), TimeUnit.MILLISECONDS)) {
      permits.release(requestsMax);
    }
  }

  private void answer(
      ServerRequest request, ServerResponse response, byte[] body, ByteBudget.Share room) {
    if (stopping) {
      send(request, response, replies.tryAgain("the server is stopping", Failures.RETRY_AFTER));
      return;
    }
    if (UNLIMITED_PATHS.contains(request.prologue().uriPath().rawPath())) {
      send(request, response, reply(request, body, room));
      return;
    }
    if (!permits.tryAcquire()) {
      send(request, response, replies.tryAgain(overloaded(), Failures.RETRY_AFTER));
      return;
    }
    try {
      var reply = busily(request, body, room);
      send(request, response, room.hold(body.length + reply.body().length) ? reply : noRoom());
    } finally {
      permits.release();
    }
  }

  /** Only who has sent a whole request, and waits for us, keeps its connection in any case. */
  private Reply busily(ServerRequest request, byte[] body, ByteBudget.Share room) {
    var connection = Thread.currentThread();
    limits.connections().begun(connection);
    try {
      return reply(request, body, room);
    } finally {
      limits.connections().ended(connection);
    }
  }

  private String overloaded() {
    return "overloaded: %d requests in work (expected: at most MaxConcurrentRequests = %d)"
        .formatted(requestsMax, requestsMax);
  }

  private Reply reply(ServerRequest request, byte[] body, ByteBudget.Share room) {
    var prologue = request.prologue();
    var rawQuery = prologue.query().rawValue();
    var path = prologue.uriPath().rawPath();
    try {
      return routes
          .find(prologue.method().text(), path, rawQuery)
          .answer(
              new EdgeRequest(path, QueryParameters.parse(rawQuery), trace(request), body, room));
    } catch (RuntimeException e) {
      return replies.of(failures.answer(e));
    }
  }

  private static TraceContext trace(ServerRequest request) {
    var headers = request.headers();
    return headers.contains(TRACEPARENT)
        ? TraceContext.of(
            headers.values(TRACEPARENT),
            headers.contains(TRACESTATE) ? headers.values(TRACESTATE) : List.of())
        : TraceContext.none();
  }

  private void send(ServerRequest request, ServerResponse response, Reply reply) {
    response.status(Status.create(reply.status()));
    response.header(HeaderNames.CONTENT_TYPE, reply.contentType());
    reply.headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
    if (!goesOn(request)) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    boolean headOnly = request.prologue().method().equals(Method.HEAD);
    deadlines.begin();
    response.send(headOnly ? NO_BYTES : reply.body());
    deadlines.end();
  }

  /**
   * Answers a body that breaks off or makes no sense: nobody knows where the next request would
   * begin.
   */
  private void sendLast(ServerRequest request, ServerResponse response, Reply reply) {
    response.header(HeaderValues.CONNECTION_CLOSE);
    send(request, response, reply);
    throw new CloseConnectionException("the request's body cannot be read");
  }

  /**
   * Whether another request may follow on the connection; it is not closed by itself after an
   * answer that says so.
   */
  private boolean goesOn(ServerRequest request) {
    return !stopping && !request.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
  }
}
