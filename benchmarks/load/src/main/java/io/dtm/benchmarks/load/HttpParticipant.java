package io.dtm.benchmarks.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A participant over HTTP, in one thread. */
final class HttpParticipant implements Participant {
  private static final int BACKLOG = 1_024;
  private static final String YES = "{\"dtm_result\":\"SUCCESS\"}";
  private static final byte[] REPLY =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
          .formatted(YES.length(), YES)
          .getBytes(ISO_8859_1);

  private final EventLoop loop;
  private final ScheduledExecutorService delays =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final LongAdder atWork = new LongAdder();
  private final CallLedger ledger;
  private final Duration delay;
  private final Address address;

  private HttpParticipant(EventLoop loop, Address address, CallLedger ledger, Duration delay) {
    this.loop = loop;
    this.address = address;
    this.ledger = ledger;
    this.delay = delay;
  }

  /**
   * @param host on which it listens, and by which the server reaches it
   * @param delay of each answer
   */
  static HttpParticipant start(String host, CallLedger ledger, Duration delay) {
    try {
      var listener = ServerSocketChannel.open().bind(new InetSocketAddress(host, 0), BACKLOG);
      var address = new Address(host, ((InetSocketAddress) listener.getLocalAddress()).getPort());
      var loop = EventLoop.start("participant");
      var participant = new HttpParticipant(loop, address, ledger, delay);
      loop.execute(() -> participant.listen(listener));
      return participant;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on " + host, e);
    }
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public long nanosAtWork() {
    return atWork.sum();
  }

  private void listen(ServerSocketChannel listener) {
    try {
      var unused = loop.register(listener, SelectionKey.OP_ACCEPT, key -> accept(listener));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocketChannel listener) {
    try {
      var accepted = listener.accept();
      if (accepted != null) {
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var caller = new Caller(accepted);
        var unused = loop.register(accepted, SelectionKey.OP_READ, caller);
      }
    } catch (IOException callerHasGone) {
      // the server will see, and call again
    }
  }

  /** One connection of the server. */
  private final class Caller implements EventLoop.Handler {
    private final SocketChannel channel;
    private final HttpMessageReader reader = new HttpMessageReader();

    Caller(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void ready(SelectionKey key) {
      try {
        if (!reader.readFrom(channel)) {
          channel.close();
          return;
        }
        while (reader.isComplete()) {
          var begun = System.nanoTime();
          count(reader.startLine());
          reader.next();
          if (delay.isZero()) {
            answer(begun);
          } else {
            var unused =
                delays.schedule(
                    () -> loop.execute(() -> answer(begun)), delay.toNanos(), TimeUnit.NANOSECONDS);
          }
        }
      } catch (IOException e) {
        close();
      }
    }

    /** A reply is shorter than any socket's buffer: it is written at once or not at all. */
    private void answer(long begun) {
      try {
        channel.write(ByteBuffer.wrap(REPLY));
        atWork.add(System.nanoTime() - begun);
      } catch (IOException e) {
        close();
      }
    }

    private void close() {
      try {
        channel.close();
      } catch (IOException alreadyBroken) {
        // the caller will see
      }
    }
  }

  private void count(String startLine) {
    int query = startLine.indexOf('?');
    int end = startLine.lastIndexOf(' ');
    if (query < 0 || end < query) {
      ledger.strange(startLine);
      return;
    }
    String gid = "";
    String branch = "";
    String operation = "";
    for (var pair : startLine.substring(query + 1, end).split("&", -1)) {
      if (pair.startsWith("gid=")) {
        gid = pair.substring("gid=".length());
      } else if (pair.startsWith("branch_id=")) {
        branch = pair.substring("branch_id=".length());
      } else if (pair.startsWith("op=")) {
        operation = pair.substring("op=".length());
      }
    }
    ledger.called(gid, branch, operation);
  }

  @Override
  public void close() {
    delays.shutdownNow();
    loop.close();
  }
}
