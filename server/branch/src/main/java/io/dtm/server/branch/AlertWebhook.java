package io.dtm.server.branch;

import com.fasterxml.jackson.core.JsonFactory;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.EngineListener;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Payload;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts an alert for every retry beyond the limit, for every transaction that is parked, and for
 * each destination that falls silent, whose transactions then are not retried. Alerts are sent one
 * after the other, in the background; when they come faster than the receiver takes them, the
 * oldest are dropped and counted. Thread-safe.
 */
public final class AlertWebhook implements EngineListener, AutoCloseable {
  /** Alerts that wait to be sent. */
  static final int WAITING_MAX = 1_000;

  private static final Duration DROPPED_REPORT_PERIOD = Duration.ofMinutes(1);
  private static final Logger LOG = LoggerFactory.getLogger(AlertWebhook.class);

  private final AlertConfig config;
  private final BoundedHttpClient client;
  private final InstantSource clock;
  private final JsonFactory json = new JsonFactory();
  private final BlockingQueue<Alert> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong dropped = new AtomicLong();
  private final Thread sender;
  private Instant droppedReportedAt = Instant.MIN;
  private volatile boolean closed;

  /**
   * What is posted.
   *
   * @param status of the transaction, as a word of the wire; empty where only a call is known
   * @param parking null: it goes on being tried
   */
  private record Alert(
      String gid,
      String url,
      String failure,
      int retryCount,
      String status,
      @Nullable Parking parking) {
    static Alert of(
        GlobalTransaction transaction,
        String url,
        String failure,
        int retryCount,
        @Nullable Parking parking) {
      var status = WireWords.of(transaction.status());
      return new Alert(transaction.gid().value(), url, failure, retryCount, status, parking);
    }
  }

  public AlertWebhook(AlertConfig config, BoundedHttpClient client, InstantSource clock) {
    this.config = config;
    this.client = client;
    this.clock = clock;
    this.sender = Thread.ofVirtual().name("alert-webhook").unstarted(this::sendUntilClosed);
  }

  /** Begins to send. */
  public void start() {
    sender.start();
  }

  @Override
  public void on(EngineEvent event) {
    if (config.url().isEmpty()) {
      return;
    }
    if (event
            instanceof EngineEvent.RetryScheduled(var transaction, var url, var failure, var number)
        && number >= config.retryLimit()) {
      enqueue(Alert.of(transaction, url, failure, number, null));
    } else if (event
        instanceof EngineEvent.Parked(var transaction, var url, var failure, var parking)) {
      var attempts = transaction.schedule().failures();
      enqueue(Alert.of(transaction, url, failure, attempts, parking));
    } else if (event instanceof EngineEvent.DestinationSilent silent
        && silent.failures() >= config.retryLimit()) {
      var failure =
          "%s has not answered %d calls in a row, last: %s"
              .formatted(silent.destination(), silent.failures(), silent.lastFailure());
      var call = silent.lastCall();
      enqueue(new Alert(call.gid().value(), call.url(), failure, silent.failures(), "", null));
    }
  }

  private void enqueue(Alert alert) {
    while (!waiting.offer(alert)) {
      if (waiting.poll() != null) {
        dropped.incrementAndGet();
      }
    }
  }

  /** Alerts that were never sent because newer ones came too fast. */
  long dropped() {
    return dropped.get();
  }

  private void sendUntilClosed() {
    long reported = 0;
    while (!closed) {
      try {
        var alert = waiting.take();
        config.url().ifPresent(url -> send(url, alert));
        reported = reportDropped(reported);
      } catch (InterruptedException e) {
        // Only close() interrupts, so the loop ends.
        LOG.debug("alert sender ends, {} alerts unsent", waiting.size());
      } catch (RuntimeException e) {
        LOG.warn("alert not sent", e);
      }
    }
  }

  private long reportDropped(long reported) {
    long count = dropped.get();
    var now = clock.instant();
    if (count == reported || now.isBefore(droppedReportedAt.plus(DROPPED_REPORT_PERIOD))) {
      return reported;
    }
    droppedReportedAt = now;
    LOG.warn("{} alerts dropped: the webhook takes them too slowly", count - reported);
    return count;
  }

  private void send(URI url, Alert alert) {
    var call =
        new HttpCall(
            HttpCall.Method.POST,
            url,
            Map.of(),
            Payload.ofText(json(alert)),
            config.timeout(),
            () -> true);
    switch (client.exchange(call)) {
      case HttpOutcome.Answered ignored -> {}
      case HttpOutcome.NotSent ignored -> {}
      case HttpOutcome.Unanswered(var why, var ignored) ->
          // The path of the URL often is a secret.
          LOG.warn("alert for {} not delivered to {}: {}", alert.gid(), url.getHost(), why);
    }
  }

  /** Members in the order of their names, as receivers have always got them. */
  private String json(Alert alert) {
    var text = new StringWriter();
    try (var object = json.createGenerator(text)) {
      object.writeStartObject();
      object.writeStringField("branch", alert.url());
      object.writeStringField("error", Messages.RESULT_NOT_SPECIFIED + alert.failure());
      object.writeStringField(Keys.GID, alert.gid());
      var parking = alert.parking();
      if (parking != null) {
        object.writeStringField(Keys.PARKED_REASON, parking.reason());
        object.writeStringField(Keys.PARKED_SINCE, parking.since().toString());
      }
      object.writeNumberField(Keys.RETRY_COUNT, alert.retryCount());
      object.writeStringField(Keys.STATUS, alert.status());
      object.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Ends the sending; alerts that wait are lost. */
  @Override
  public void close() {
    closed = true;
    sender.interrupt();
  }
}
