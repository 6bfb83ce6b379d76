package io.dtm.testing.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** What somebody who means ill, or whose program is broken, does to a port. */
interface Attack {
  /** What it is called. */
  String name();

  /** How many do it at the same time. */
  int attackers();

  /**
   * Does it once, or until the time is over; whatever becomes of the connection is of no interest.
   */
  void carryOut(Target target, Random random) throws IOException;

  /**
   * Whom to attack, and for how long.
   *
   * @param end in the time of {@link System#nanoTime}
   */
  record Target(int port, long end) {
    private static final int READ_LIMIT_MILLIS = 2_000;
    private static final int IDLE_CONNECTIONS = 10_000;

    Socket connect() throws IOException {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(READ_LIMIT_MILLIS);
      return socket;
    }

    boolean isOver() {
      return System.nanoTime() >= end;
    }

    static void pause(long millis) {
      LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    void awaitEnd() {
      while (!isOver()) {
        pause(50);
      }
    }

    /** As many connections as there may be, all of them open until the end. */
    void holdIdle() throws IOException {
      var idle = new ArrayList<Socket>();
      try {
        for (int i = 0; i < IDLE_CONNECTIONS; i++) {
          idle.add(connect());
          if (i % 8 == 0) {
            pause(1); // this machine has to carry the server, too
          }
        }
        awaitEnd();
      } finally {
        for (var socket : idle) {
          socket.close();
        }
      }
    }

    /** One byte at a time, for as long as it takes, and again from the start. */
    void dribble(OutputStream out, byte[] bytes) throws IOException {
      for (int i = 0; !isOver(); i++) {
        out.write(bytes[i % bytes.length]);
        out.flush();
        pause(20);
      }
    }

    /** Takes what comes back, until nothing more does. */
    static void readToEnd(Socket socket) throws IOException {
      var unused = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }
  }
}
