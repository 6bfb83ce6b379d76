package io.dtm.server.api.grpc;

import io.dtm.server.core.ErrorLines;
import io.dtm.server.core.ErrorTexts;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every request: work within the limit, answer, whatever happens. Only here exceptions
 * become statuses. Thread-safe.
 */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private final int requestsMax;
  private final Semaphore permits;
  private final ErrorTexts texts;
  private volatile boolean closed;

  Answers(int requestsMax, InstantSource clock, RandomGenerator random) {
    this.requestsMax = requestsMax;
    this.permits = new Semaphore(requestsMax);
    this.texts =
        new ErrorTexts(
            new ErrorLines(random, clock), new ErrorTexts.Log(LOG::warn, LOG::error, LOG::debug));
  }

  /** What came of a request. */
  sealed interface Answer<T> {
    record Message<T>(T message) implements Answer<T> {}

    record Refused<T>(Status status) implements Answer<T> {}

    /** The message, if the status is OK. */
    static <T> Answer<T> of(Status status, Supplier<T> message) {
      return status.isOk() ? new Message<>(message.get()) : new Refused<>(status);
    }
  }

  /** Does the work, on the calling thread, and tells the client what came of it. */
  <T> void answer(StreamObserver<T> client, Supplier<Answer<T>> work) {
    var call = (ServerCallStreamObserver<T>) client; // as the library promises for servers
    call.setOnCancelHandler(() -> {}); // the work goes on when the client has left
    var answer = limited(work);
    if (call.isCancelled() || closed) {
      return;
    }
    switch (answer) {
      case Answer.Message<T>(var message) -> {
        client.onNext(message);
        client.onCompleted();
      }
      case Answer.Refused<T>(var status) ->
          client.onError(fitting(status).asException(Overload.trailers(status)));
    }
  }

  /** The connections are gone: nobody hears an answer any more. */
  void close() {
    closed = true;
  }

  private <T> Answer<T> limited(Supplier<Answer<T>> work) {
    if (!permits.tryAcquire()) {
      return new Answer.Refused<>(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "overloaded: %d requests in work (expected: at most %d)"
                  .formatted(requestsMax, requestsMax)));
    }
    try {
      return safely(work);
    } finally {
      permits.release();
    }
  }

  private <T> Answer<T> safely(Supplier<Answer<T>> work) {
    try {
      return work.get();
    } catch (InvalidRequest e) {
      return new Answer.Refused<>(Status.INVALID_ARGUMENT.withDescription(e.explanation()));
    } catch (StoredRecordUnreadable e) {
      return new Answer.Refused<>(Status.UNAVAILABLE.withDescription(texts.unreadable(e)));
    } catch (StoreUnavailable e) {
      return new Answer.Refused<>(Status.UNAVAILABLE.withDescription(texts.unavailable(e)));
    } catch (RuntimeException e) {
      return new Answer.Refused<>(Status.INTERNAL.withDescription(texts.internal(e)));
    }
  }

  private static Status fitting(Status status) {
    return status.withDescription(
        StatusTexts.fitting(Objects.requireNonNullElse(status.getDescription(), "")));
  }
}
