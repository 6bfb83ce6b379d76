package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Takes the body of one answer, and breaks off when it is too long: whoever answers without end, by
 * mistake or not, must not fill the memory of those who asked.
 */
final class LimitedBody implements BodySubscriber<byte[]> {
  private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
  private final int bytesMax;
  private long count;
  private @Nullable Subscription subscription;

  LimitedBody(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** An answer that is too long. */
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(int bytesMax) {
      super("the answer is longer than %d bytes".formatted(bytesMax));
    }
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return bytes.getBody();
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    bytes.onSubscribe(given);
  }

  @Override
  public void onNext(List<ByteBuffer> part) {
    if (count > bytesMax) {
      return;
    }
    count += part.stream().mapToLong(ByteBuffer::remaining).sum();
    if (count <= bytesMax) {
      bytes.onNext(part);
      return;
    }
    requireNonNull(subscription, "subscription").cancel();
    bytes.onError(new TooLong(bytesMax));
  }

  @Override
  public void onError(Throwable failure) {
    bytes.onError(failure);
  }

  @Override
  public void onComplete() {
    bytes.onComplete();
  }
}
