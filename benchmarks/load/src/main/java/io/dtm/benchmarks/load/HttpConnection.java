package io.dtm.benchmarks.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection to one server: one request at a time, and a new connection after whatever
 * went wrong. Confined to the thread of its loop.
 */
final class HttpConnection implements EventLoop.Handler {
  private final EventLoop loop;
  private final InetSocketAddress address;
  private final Duration answerLimit;
  private HttpMessageReader reader = new HttpMessageReader();
  private @Nullable SocketChannel channel;
  private @Nullable SelectionKey key;
  private @Nullable ByteBuffer unsent;
  private @Nullable Answer waiting;
  private long deadline;

  /** What came of a request; told exactly once. */
  interface Answer {
    void answered(int status, String body);

    /**
     * There is no answer.
     *
     * @param why for people
     */
    void failed(String why);
  }

  HttpConnection(EventLoop loop, InetSocketAddress address, Duration answerLimit) {
    this.loop = loop;
    this.address = address;
    this.answerLimit = answerLimit;
  }

  /** Sends a whole request; the one before it has been answered, or has failed. */
  void send(byte[] request, Answer answer) {
    waiting = answer;
    deadline = System.nanoTime() + answerLimit.toNanos();
    unsent = ByteBuffer.wrap(request);
    try {
      if (channel == null) {
        connect();
      }
      write();
    } catch (IOException e) {
      fail(e.toString());
    }
  }

  /** To be called now and then: gives up what has no answer in time. */
  void checkDeadline(long now) {
    if (waiting != null && now - deadline >= 0) {
      fail("no answer within " + answerLimit);
    }
  }

  private void connect() throws IOException {
    var opened = SocketChannel.open();
    opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
    opened.socket().connect(address, (int) answerLimit.toMillis());
    channel = opened;
    key = loop.register(opened, SelectionKey.OP_READ, this);
    reader = new HttpMessageReader();
  }

  @Override
  public void ready(SelectionKey ready) {
    try {
      if (ready.isValid() && ready.isWritable()) {
        write();
      }
      if (ready.isValid() && ready.isReadable()) {
        read();
      }
    } catch (IOException e) {
      fail(e.toString());
    }
  }

  private void write() throws IOException {
    if (channel == null || key == null || unsent == null) {
      return;
    }
    channel.write(unsent);
    boolean sent = !unsent.hasRemaining();
    if (sent) {
      unsent = null;
    }
    int wanted = sent ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    if (key.interestOps() != wanted) {
      key.interestOps(wanted);
    }
  }

  private void read() throws IOException {
    if (channel != null && !reader.readFrom(channel)) {
      fail("the server has closed the connection");
      return;
    }
    if (reader.isComplete()) {
      int status = status(reader.startLine());
      var body = status == 200 ? "" : reader.body();
      reader.next();
      var answer = waiting;
      waiting = null;
      if (answer != null) {
        answer.answered(status, body);
      }
    }
  }

  private static int status(String startLine) throws IOException {
    var words = startLine.split(" ", 3);
    if (words.length < 2 || !words[1].matches("\\d{3}")) {
      throw new IOException("not a reply: " + startLine);
    }
    return Integer.parseInt(words[1]);
  }

  private void fail(String why) {
    disconnect();
    var answer = waiting;
    waiting = null;
    if (answer != null) {
      answer.failed(why);
    }
  }

  private void disconnect() {
    var closing = channel;
    channel = null;
    key = null;
    unsent = null;
    if (closing != null) {
      try {
        closing.close();
      } catch (IOException alreadyBroken) {
        // it is given up either way
      }
    }
  }
}
