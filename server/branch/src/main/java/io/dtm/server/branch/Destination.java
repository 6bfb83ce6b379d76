package io.dtm.server.branch;

import java.util.Locale;

/** Where a call goes, as far as limits are concerned: host and port, whatever the path. */
record Destination(String hostAndPort) {

  /**
   * Reads it out of a URL, or of a gRPC address such as {@code host:port/package.Service/Method}.
   * Never fails.
   */
  static Destination of(String url) {
    int schemeEnd = url.indexOf("://");
    int start = schemeEnd < 0 ? 0 : schemeEnd + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    var authority = url.substring(start, end);
    var host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    return new Destination(host + defaultPort(url, host));
  }

  private static String defaultPort(String url, String host) {
    if (host.lastIndexOf(':') > host.lastIndexOf(']')) {
      return "";
    }
    if (url.regionMatches(true, 0, "https:", 0, 6)) {
      return ":443";
    }
    return url.regionMatches(true, 0, "http:", 0, 5) ? ":80" : "";
  }

  @Override
  public String toString() {
    return hostAndPort;
  }
}
