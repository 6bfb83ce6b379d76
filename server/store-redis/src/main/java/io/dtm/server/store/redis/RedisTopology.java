package io.dtm.server.store.redis;

import java.util.List;

/**
 * Which servers there are. Addresses read {@code redis://user:password@host:port/database}, or
 * {@code rediss://…} with TLS; user and password may be left out. Passwords are never printed.
 */
public sealed interface RedisTopology {

  /** The addresses to begin with. */
  List<String> addresses();

  /** One server. */
  record Standalone(String address) implements RedisTopology {
    public Standalone {
      Addresses.require(address);
    }

    @Override
    public List<String> addresses() {
      return List.of(address);
    }

    @Override
    public String toString() {
      return Addresses.masked(addresses());
    }
  }

  /**
   * A server with replicas, one of which Sentinels make its successor when it fails.
   *
   * @param addresses of the Sentinels; user and password are those for the Sentinels themselves
   * @param masterName what the Sentinels call the server
   * @param user of the server; empty: none
   * @param password of the server; empty: none
   */
  record Sentinel(List<String> addresses, String masterName, String user, String password)
      implements RedisTopology {
    public Sentinel {
      addresses = Addresses.require(addresses);
      if (masterName.isEmpty()) {
        throw new IllegalArgumentException("masterName: empty (expected: the name of the master)");
      }
    }

    @Override
    public String toString() {
      return "%s#%s".formatted(Addresses.masked(addresses), masterName);
    }
  }

  /**
   * A cluster.
   *
   * @param addresses some of its nodes; the others are found by asking them
   */
  record Cluster(List<String> addresses) implements RedisTopology {
    public Cluster {
      addresses = Addresses.require(addresses);
    }

    @Override
    public String toString() {
      return Addresses.masked(addresses);
    }
  }
}
