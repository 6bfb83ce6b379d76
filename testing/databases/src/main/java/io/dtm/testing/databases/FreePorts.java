package io.dtm.testing.databases;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Two ports that nobody listened on a moment ago: one for clients, one for a cluster's own talk.
 * Below the range from which the system takes ports for outgoing connections, so that none of those
 * can take a stopped server's port away.
 */
public record FreePorts(int forClients, int forCluster) {
  static final FreePorts NONE = new FreePorts(0, 0);

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES_MAX = 1_000;

  /** Those of this JVM: whoever was given one may not listen there yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  static FreePorts choose() {
    var forClients = chooseOne();
    var forCluster = chooseOne();
    while (forCluster == forClients) {
      forCluster = chooseOne();
    }
    return new FreePorts(forClients, forCluster);
  }

  /** One port, for a server of any kind. */
  public static int one() {
    return chooseOne();
  }

  boolean areFree() {
    return isFree(forClients) && isFree(forCluster);
  }

  private static int chooseOne() {
    for (var tries = 0; tries < TRIES_MAX; tries++) {
      var port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port) && GIVEN.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free port among %d between %d and %d".formatted(TRIES_MAX, LOWEST, HIGHEST));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
