package io.dtm.testing.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Random;
import java.util.function.IntFunction;

/** On the port of the gRPC API. */
enum Http2Attack implements Attack {
  SLOW_PREFACE(400) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      target.dribble(out, PREFACE);
    }
  },
  SILENCE_AFTER_PREFACE(400) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      target.awaitEnd();
    }
  },
  SLOW_MESSAGES(400) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      out.write(frame(HEADERS, END_HEADERS, 1, request(0)));
      out.write(frame(DATA, 0, 1, new byte[] {0, 0, 0x3F, 0, 0}));
      while (!target.isOver()) {
        out.write(frame(DATA, 0, 1, new byte[1]));
        out.flush();
        Target.pause(20);
      }
    }
  },
  IDLE_CONNECTIONS(1) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      target.holdIdle();
    }
  },
  CONTINUATION_FLOOD(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      continueHeaders(target, out, i -> header("x-" + i, "v".repeat(random.nextInt(100))));
    }
  },
  EMPTY_CONTINUATION_FLOOD(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      continueHeaders(target, out, i -> new byte[0]);
    }
  },
  HUGE_HEADER(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      openStreams(out, request(15_000));
    }
  },
  RAPID_RESET(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      for (int stream = 1; stream < 200_000 && !target.isOver(); stream += 2) {
        out.write(frame(HEADERS, END_HEADERS, stream, request(0)));
        out.write(frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
        pace(stream / 2);
      }
    }
  },
  PING_FLOOD(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      repeat(target, out, frame(PING, 0, 0, new byte[8]));
    }
  },
  SETTINGS_FLOOD(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      repeat(target, out, frame(SETTINGS, 0, 0, new byte[0]));
    }
  },
  HUGE_HEADER_TABLE(4) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      // SETTINGS_HEADER_TABLE_SIZE of 4 GiB, and a table size update of as much in the block
      out.write(frame(SETTINGS, 0, 0, new byte[] {0, 1, -1, -1, -1, -1}));
      var update = new byte[] {0x3F, (byte) 0xE1, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};
      openStreams(out, update);
    }
  },
  RANDOM_FRAMES(8) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      for (int i = 0; i < 1_000; i++) {
        var payload = new byte[random.nextInt(200)];
        random.nextBytes(payload);
        out.write(frame(random.nextInt(12), random.nextInt(256), random.nextInt(9), payload));
      }
    }
  },
  RANDOM_BYTES(8) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      var bytes = new byte[random.nextInt(1, 20_000)];
      random.nextBytes(bytes);
      out.write(bytes);
    }
  },
  MANY_LARGE_MESSAGES(8) {
    @Override
    void attack(Target target, OutputStream out, Random random) throws IOException {
      greet(out);
      for (int stream = 1; stream < 200 && !target.isOver(); stream += 2) {
        out.write(frame(HEADERS, END_HEADERS, stream, request(0)));
        out.write(frame(DATA, 0, stream, new byte[] {0, 0, 0x3F, 0, 0}));
        for (int i = 0; i < 15; i++) {
          out.write(frame(DATA, 0, stream, new byte[16_000]));
        }
      }
      target.awaitEnd();
    }
  };

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;

  private final int attackers;

  Http2Attack(int attackers) {
    this.attackers = attackers;
  }

  abstract void attack(Target target, OutputStream out, Random random) throws IOException;

  @Override
  public int attackers() {
    return attackers;
  }

  /** What the server says is read, so that it is not held up by a client that does not listen. */
  @Override
  public void carryOut(Target target, Random random) throws IOException {
    try (var socket = target.connect()) {
      var reader = Thread.ofVirtual().start(() -> readAway(socket));
      attack(target, socket.getOutputStream(), random);
      reader.interrupt();
    }
  }

  /**
   * Some ten thousand frames in a second: what a machine can send, ours would have to send, too.
   */
  private static void pace(int frames) {
    if (frames % 50 == 0) {
      Target.pause(5);
    }
  }

  /** Headers of one call without end. */
  private static void continueHeaders(Target target, OutputStream out, IntFunction<byte[]> block)
      throws IOException {
    greet(out);
    out.write(frame(HEADERS, 0, 1, request(0)));
    for (int i = 0; i < 100_000 && !target.isOver(); i++) {
      out.write(frame(CONTINUATION, 0, 1, block.apply(i)));
    }
  }

  /** Many calls, none of which is ever sent whole. */
  private static void openStreams(OutputStream out, byte[] headers) throws IOException {
    for (int stream = 1; stream < 2_000; stream += 2) {
      out.write(frame(HEADERS, END_HEADERS, stream, headers));
    }
  }

  /** A frame that asks for an answer, over and over. */
  private static void repeat(Target target, OutputStream out, byte[] frame) throws IOException {
    greet(out);
    for (int i = 0; i < 500_000 && !target.isOver(); i++) {
      out.write(frame);
      pace(i);
    }
  }

  private static void readAway(Socket socket) {
    try {
      Target.readToEnd(socket);
    } catch (IOException e) {
      // closed by either side
    }
  }

  private static void greet(OutputStream out) throws IOException {
    out.write(PREFACE);
    out.write(frame(SETTINGS, 0, 0, new byte[0]));
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    var frame = new ByteArrayOutputStream();
    for (int shift : new int[] {16, 8, 0}) {
      frame.write(payload.length >> shift);
    }
    frame.write(type);
    frame.write(flags);
    for (int shift : new int[] {24, 16, 8, 0}) {
      frame.write(stream >> shift);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** The headers of a call, and one more of some length. */
  private static byte[] request(int moreLength) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(header(":method", "POST"));
    block.writeBytes(header(":scheme", "http"));
    block.writeBytes(header(":path", "/dtmgimp.Dtm/Submit"));
    block.writeBytes(header("te", "trailers"));
    block.writeBytes(header("content-type", "application/grpc"));
    if (moreLength > 0) {
      block.writeBytes(header("x-more", "v".repeat(moreLength)));
    }
    return block.toByteArray();
  }

  /** Literal, and never put into a table. */
  private static byte[] header(String name, String value) {
    var header = new ByteArrayOutputStream();
    header.write(0);
    writeText(header, name);
    writeText(header, value);
    return header.toByteArray();
  }

  private static void writeText(ByteArrayOutputStream out, String text) {
    int rest = text.length() - 127;
    out.write(Math.min(text.length(), 127));
    while (rest >= 128) {
      out.write(rest % 128 + 128);
      rest /= 128;
    }
    if (text.length() >= 127) {
      out.write(rest);
    }
    out.writeBytes(text.getBytes(US_ASCII));
  }
}
