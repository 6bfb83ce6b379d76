package io.dtm.server.api;

import io.dtm.protocol.Topics;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Checks addresses of branches before a transaction is stored that could never call them. */
final class BranchUrls {
  private static final String ADDRESSES =
      "an http:// or https:// address with a host, host:port/package.Service/Method for gRPC";

  private static final String EXPECTED =
      ADDRESSES + ", or an empty text when there is nothing to call";

  private static final String EXPECTED_OR_TOPIC =
      ADDRESSES + ", topic:// with a topic, or an empty text when there is nothing to call";

  /** {@link URI} wants host names without underscore, but container names have them. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?(?:\\[[^\\]]+\\]|[^:@\\[\\]]+)(?::(\\d{0,5}))?");

  private static final Pattern GRPC =
      Pattern.compile(
          "(?:\\[[0-9A-Fa-f:.]+]|[0-9A-Za-z._-]+):(\\d{1,5})/[!-~&&[^/]]+/[!-~&&[^/]]+");

  private static final int PORT_MAX = 65_535;

  private BranchUrls() {}

  /**
   * @throws InvalidRequest when {@code url} is neither empty nor an address that can be called
   */
  static String check(String field, String url) {
    if (!url.isEmpty() && !isCallable(url)) {
      throw InvalidRequest.of(field, url, EXPECTED);
    }
    return url;
  }

  /**
   * The address of a message's step. A topic without a name is one that nobody subscribes to.
   *
   * @throws InvalidRequest when {@code url} is neither empty nor one that can be called or a topic
   */
  static String checkOrTopic(String field, String url) {
    if (!url.isEmpty() && !url.startsWith(Topics.PREFIX) && !isCallable(url)) {
      throw InvalidRequest.of(field, url, EXPECTED_OR_TOPIC);
    }
    return url;
  }

  private static boolean isCallable(String url) {
    return isHttp(url) || isGrpc(url);
  }

  private static boolean isGrpc(String url) {
    var parts = GRPC.matcher(url);
    if (!parts.matches()) {
      return false;
    }
    int port = Integer.parseInt(parts.group(1));
    return port >= 1 && port <= PORT_MAX;
  }

  private static boolean isHttp(String url) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return false;
    }
    var scheme = uri.getScheme();
    if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
      return false;
    }
    if (uri.getHost() != null) {
      return uri.getPort() <= PORT_MAX;
    }
    return uri.getRawAuthority() != null && hasHost(uri.getRawAuthority());
  }

  private static boolean hasHost(String authority) {
    var parts = AUTHORITY.matcher(authority);
    if (!parts.matches()) {
      return false;
    }
    var port = parts.group(1);
    return port == null || port.isEmpty() || Integer.parseInt(port) <= PORT_MAX;
  }
}
