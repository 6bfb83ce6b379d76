package io.dtm.spring.boot;

import io.dtm.barrier.BarrierTable;
import io.dtm.barrier.SqlDialect;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Checks of properties: each message names the property, the value and what was expected. */
final class Checks {
  /** More managers than any cluster has. */
  static final int SERVERS_MAX = 32;

  /** Longer than anybody waits for an answer. */
  static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  /** Services of one application. */
  static final int SERVICES_MAX = 1_000;

  /** Headers that are passed on. */
  static final int HEADERS_MAX = 64;

  private static final Pattern GRPC_TARGET = Pattern.compile("(?!https?:)\\S*[^\\s:/]:\\d{1,5}");
  private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private Checks() {}

  static void servers(String field, List<String> servers, Protocol protocol) {
    atMost(field, servers.size(), SERVERS_MAX);
    for (var server : servers) {
      switch (protocol) {
        case HTTP -> baseUrl(field, server);
        case GRPC ->
            require(
                GRPC_TARGET.matcher(server).matches(),
                field,
                server,
                "host and port, such as 127.0.0.1:36790");
      }
    }
  }

  static void timeout(String field, Duration timeout) {
    require(
        timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(TIMEOUT_MAX) <= 0,
        field,
        timeout,
        "more than zero, at most " + TIMEOUT_MAX);
  }

  /** Without the slash at its end. */
  static String baseUrl(String field, String url) {
    require(isBaseUrl(url), field, url, "a base URL such as http://10.0.0.7:8080");
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  static Map<String, String> services(String field, Map<String, String> services) {
    atMost(field, services.size(), SERVICES_MAX);
    var checked = new TreeMap<String, String>();
    services.forEach((name, url) -> checked.put(name, baseUrl(field + "." + name, url)));
    return Map.copyOf(checked);
  }

  static void table(String field, String table) {
    try {
      var unused = new BarrierTable(SqlDialect.H2, table);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          message(field, table, "a table such as dtm_barrier.barrier"), e);
    }
  }

  static void headers(String field, List<String> headers) {
    atMost(field, headers.size(), HEADERS_MAX);
    for (var header : headers) {
      require(HEADER.matcher(header).matches(), field, header, "the name of an HTTP header");
    }
  }

  private static boolean isBaseUrl(String url) {
    try {
      var uri = new URI(url);
      var isHttp =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      return isHttp && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void atMost(String field, int size, int max) {
    require(size <= max, field, size + " entries", max + " at most");
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(message(field, value, expected));
    }
  }

  private static String message(String field, Object value, String expected) {
    return "%s: '%s' (expected: %s)".formatted(field, value, expected);
  }
}
