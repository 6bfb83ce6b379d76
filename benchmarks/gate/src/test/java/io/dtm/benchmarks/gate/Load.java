package io.dtm.benchmarks.gate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Clients that submit waited sagas of two branches to a server, one after the other each. */
final class Load {
  private static final AtomicLong SAGAS = new AtomicLong();

  private final Watched watched;
  private final int port;
  private final String participant;

  Load(Watched watched, int port, Participant participant) {
    this.watched = watched;
    this.port = port;
    this.participant = participant.url();
  }

  /**
   * What a load has done.
   *
   * @param allocatedBytes by the server, while it lasted
   */
  record Done(long sagas, double seconds, long allocatedBytes) {
    double perSecond() {
      return sagas / seconds;
    }

    double allocatedBytesEach() {
      return (double) allocatedBytes / sagas;
    }

    Done plus(Done other) {
      return new Done(
          sagas + other.sagas, seconds + other.seconds, allocatedBytes + other.allocatedBytes);
    }
  }

  /** So many sagas, one at a time. */
  Done inARow(int count) throws InterruptedException {
    long until = SAGAS.get() + count;
    return run(1, () -> SAGAS.get() < until);
  }

  /** As many as will go in that time, so many at once. */
  Done during(Duration duration, int clients) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    return run(clients, () -> System.nanoTime() < end);
  }

  private Done run(int clients, BooleanSupplier goesOn) throws InterruptedException {
    var finished = new CountDownLatch(clients);
    var failure = new AtomicReference<@Nullable Throwable>();
    long sagas = SAGAS.get();
    long allocated = watched.allocatedByOthers();
    long begun = System.nanoTime();
    for (int i = 0; i < clients; i++) {
      watched
          .thread(
              "client",
              () -> {
                try {
                  submitWhile(goesOn);
                } catch (IOException | RuntimeException e) {
                  failure.set(e);
                } finally {
                  finished.countDown();
                }
              })
          .start();
    }
    finished.await();
    double seconds = (System.nanoTime() - begun) / 1e9;
    var done = new Done(SAGAS.get() - sagas, seconds, watched.allocatedByOthers() - allocated);
    if (failure.get() != null) {
      throw new IllegalStateException("a client failed", failure.get());
    }
    return done;
  }

  private void submitWhile(BooleanSupplier goesOn) throws IOException {
    try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
      connection.setTcpNoDelay(true);
      var in = new HttpInput(connection.getInputStream());
      while (goesOn.getAsBoolean()) {
        connection.getOutputStream().write(request(SAGAS.incrementAndGet()));
        if (!in.skipMessage() || !in.start().contains(" 200 ")) {
          throw new IOException("answered \"" + in.start() + "\" (expected: 200)");
        }
      }
    }
  }

  private byte[] request(long number) {
    var body =
        """
        {"gid":"gate-%d-%d","trans_type":"saga","wait_result":true,"steps":[\
        {"action":"%3$s/debit","compensate":"%3$s/undebit"},\
        {"action":"%3$s/credit","compensate":"%3$s/uncredit"}],\
        "payloads":["{\\"amount\\":30}","{\\"amount\\":30}"]}\
        """
            .formatted(port, number, participant);
    return """
    POST /api/dtmsvr/submit HTTP/1.1\r
    Host: 127.0.0.1\r
    Content-Type: application/json\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(body.length(), body)
        .getBytes(ISO_8859_1);
  }
}
