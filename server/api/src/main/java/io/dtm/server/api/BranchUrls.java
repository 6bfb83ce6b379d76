package io.dtm.server.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Checks addresses of branches before a transaction is stored that could never call them. */
final class BranchUrls {
  private static final String EXPECTED =
      "an http:// or https:// address with a host, or an empty text when there is nothing to call";

  /** {@link URI} wants host names without underscore, but container names have them. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[^@]*@)?(?:\\[[^\\]]+\\]|[^:@\\[\\]]+)(?::(\\d{0,5}))?");

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

  private static boolean isCallable(String url) {
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
