package io.dtm.server.core;

import java.util.Locale;

/** Where an address of a branch leads, whatever the path: what operators call a destination. */
public final class HostAndPort {
  private HostAndPort() {}

  /**
   * Host and port in small letters, such as {@code payments:8080}, read out of a URL, or of a gRPC
   * address such as {@code host:port/package.Service/Method}. Never fails; empty where there is no
   * address.
   */
  public static String of(String url) {
    int schemeEnd = url.indexOf("://");
    int start = schemeEnd < 0 ? 0 : schemeEnd + 3;
    int end = start;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    var authority = url.substring(start, end);
    var host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    return host + defaultPort(url, host);
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
}
