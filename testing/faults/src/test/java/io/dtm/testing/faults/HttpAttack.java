package io.dtm.testing.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Random;

/** On the port of the REST API. */
enum HttpAttack implements Attack {
  SLOW_HEADERS(400) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      send(socket, "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: h\r\nX-Slow: ");
      target.dribble(socket.getOutputStream(), bytes("a"));
    }
  },
  SLOW_FIRST_LINE(400) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      target.dribble(socket.getOutputStream(), bytes("GET /api/ping?"));
    }
  },
  SLOW_BODIES(400) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      post(socket, "Content-Length: 8000000");
      target.dribble(socket.getOutputStream(), bytes("{\"gid\": "));
    }
  },
  HALF_OF_A_LARGE_BODY(64) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      post(socket, "Content-Length: 8000000");
      socket.getOutputStream().write(new byte[4_000_000]);
      target.dribble(socket.getOutputStream(), bytes(" "));
    }
  },
  IDLE_CONNECTIONS(1) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      target.holdIdle();
    }
  },
  MANY_HEADERS(4) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      send(socket, "GET /api/ping HTTP/1.1\r\nHost: h\r\n");
      for (int i = 0; i < 100_000; i++) {
        send(socket, "X-Header-" + i + ": " + "v".repeat(random.nextInt(100)) + "\r\n");
      }
    }
  },
  HUGE_HEADER(4) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      send(socket, "GET /api/ping HTTP/1.1\r\nHost: h\r\nX-Huge: ");
      for (int i = 0; i < 10_000; i++) {
        send(socket, "v".repeat(1_000));
      }
    }
  },
  RANDOM_BYTES(4) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      var bytes = new byte[random.nextInt(1, 20_000)];
      random.nextBytes(bytes);
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  HALF_CLOSED(16) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      post(socket, "Content-Length: 100");
      send(socket, "{\"gid\":");
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  PIPELINING(4) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      send(socket, "GET /api/ping HTTP/1.1\r\nHost: h\r\n\r\n".repeat(500));
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  ABSURD_LENGTHS(4) {
    private final List<String> headers =
        List.of(
            "Content-Length: 9223372036854775807",
            "Content-Length: 99999999999999999999999",
            "Content-Length: -1",
            "Content-Length: 1e3",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked");
    private final List<String> chunks =
        List.of("ffffffffffffffff\r\n", "-1\r\n", "7fffffff\r\n", "\r\n", "5;" + "e".repeat(9_000));

    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      post(socket, headers.get(random.nextInt(headers.size())));
      send(socket, chunks.get(random.nextInt(chunks.size())) + "{\"gid\":\"g\"}");
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  LARGE_BODIES(12) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      var body = bytes("{\"gid\":\"" + "g".repeat(random.nextInt(7_000_000, 20_000_000)) + "\"}");
      post(socket, "Content-Length: " + body.length);
      socket.getOutputStream().write(body);
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  STRANGE_JSON(4) {
    private final List<String> bodies =
        List.of(
            "[".repeat(4_000_000),
            "{\"a\":".repeat(1_000_000),
            "{\"gid\":\"g\",\"timeout_to_fail\":" + "9".repeat(4_000_000) + "}",
            "{\"gid\":\"g\",\"timeout_to_fail\":1e999999999}",
            "{\"gid\":\"" + "😀".repeat(500_000) + "\",\"trans_type\":\"saga\"}",
            "{\"gid\":\"g\",\"steps\":[" + "{},".repeat(1_000_000) + "{}]}");

    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      var body =
          bodies
              .get(random.nextInt(bodies.size()))
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      post(socket, "Content-Length: " + body.length);
      socket.getOutputStream().write(body);
      socket.shutdownOutput();
      Target.readToEnd(socket);
    }
  },
  ANSWERS_THAT_NOBODY_READS(200) {
    @Override
    void attack(Target target, Socket socket, Random random) throws IOException {
      socket.setReceiveBufferSize(1_024);
      while (!target.isOver()) {
        send(socket, "GET /api/dtmsvr/all?limit=1000 HTTP/1.1\r\nHost: h\r\n\r\n");
        Target.pause(50);
      }
    }
  };

  private final int attackers;

  HttpAttack(int attackers) {
    this.attackers = attackers;
  }

  abstract void attack(Target target, Socket socket, Random random) throws IOException;

  @Override
  public int attackers() {
    return attackers;
  }

  @Override
  public void carryOut(Target target, Random random) throws IOException {
    try (var socket = target.connect()) {
      attack(target, socket, random);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(bytes(text));
  }

  private static void post(Socket socket, String header) throws IOException {
    send(socket, "POST /api/dtmsvr/submit HTTP/1.1\r\nHost: h\r\n" + header + "\r\n\r\n");
  }
}
