package io.dtm.server.branch;

import io.dtm.server.core.HostAndPort;

/** Where a call goes, as far as limits are concerned: host and port, whatever the path. */
record Destination(String hostAndPort) {

  /**
   * Reads it out of a URL, or of a gRPC address such as {@code host:port/package.Service/Method}.
   * Never fails.
   */
  static Destination of(String url) {
    return new Destination(HostAndPort.of(url));
  }

  @Override
  public String toString() {
    return hostAndPort;
  }
}
