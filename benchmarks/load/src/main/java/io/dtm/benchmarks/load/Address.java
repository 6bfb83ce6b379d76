package io.dtm.benchmarks.load;

import java.net.InetSocketAddress;
import java.net.URI;

/** A host and a port. */
record Address(String host, int port) {
  private static final int PORT_MAX = 65_535;

  Address {
    if (host.isEmpty() || port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException(
          "address: %s:%d (expected: host:port, the port from 1 to %d)"
              .formatted(host, port, PORT_MAX));
    }
  }

  /** Of {@code host:port}. */
  static Address of(String text) {
    int colon = text.lastIndexOf(':');
    try {
      return new Address(
          text.substring(0, Math.max(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("address: %s (expected: host:port)".formatted(text), e);
    }
  }

  /** Of the server behind an address such as {@code http://host:36789}. */
  static Address ofUrl(String url) {
    var uri = URI.create(url);
    if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
      throw new IllegalArgumentException("URL: %s (expected: http://host:port)".formatted(url));
    }
    return new Address(uri.getHost(), uri.getPort());
  }

  InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
