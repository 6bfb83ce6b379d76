package io.dtm.client;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Checks of what callers pass in: each message names the parameter, the value and what was
 * expected.
 */
final class Arguments {
  /** The longest gid and topic that managers keep. */
  private static final int NAME_LENGTH_MAX = 128;

  /** The characters besides letters and digits that a header's name may have. */
  private static final String HEADER_NAME_SIGNS = "!#$%&'*+-.^_`|~";

  /** The last character that HTTP can carry in a header's value. */
  private static final char HEADER_VALUE_LAST = 0xFF;

  /** More is taken for a mistake, and would overflow the timers. */
  private static final Duration TIMEOUT_MAX = Duration.ofDays(365);

  private static final Pattern GRPC_METHOD = Pattern.compile("[^/\\s]+:\\d+/[^/\\s]+/[^/\\s]+");
  private static final Pattern USER_AND_PASSWORD = Pattern.compile("://[^/?#]*@");

  private Arguments() {}

  /**
   * A semicolon is refused because some managers drop it in silence and then know the transaction
   * by another gid.
   */
  static String gid(String gid) {
    requireNonNull(gid, "gid");
    if (gid.isEmpty() || gid.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "gid: %d characters (expected: 1 to %d)".formatted(gid.length(), NAME_LENGTH_MAX));
    }
    if (gid.chars().anyMatch(c -> Character.isISOControl(c) || c == ';')) {
      throw new IllegalArgumentException(
          "gid: '%s' (expected: no control characters, no semicolon)".formatted(gid));
    }
    return gid;
  }

  /**
   * A participant's address: the manager calls it, so it must say where.
   *
   * @param protocol what the manager takes an address for that names no protocol
   */
  static String participantUrl(String name, String url, BranchProtocol protocol) {
    requireNonNull(url, name);
    var isMethod = protocol == BranchProtocol.GRPC && GRPC_METHOD.matcher(url).matches();
    var scheme = url.indexOf("://");
    var isUrl = scheme > 0 && scheme + 3 < url.length() && url.chars().noneMatch(c -> c <= ' ');
    if (!isUrl && !isMethod) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a complete URL such as http://10.0.0.7:8080/debit%s)"
              .formatted(
                  name,
                  shown(url),
                  protocol == BranchProtocol.GRPC ? ", or 10.0.0.7:9090/bank.Bank/Debit" : ""));
    }
    return url;
  }

  static String topic(String topic) {
    requireNonNull(topic, "topic");
    if (topic.isEmpty() || topic.length() > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "topic: %d characters (expected: 1 to %d)".formatted(topic.length(), NAME_LENGTH_MAX));
    }
    if (topic.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "topic: '%s' (expected: no control characters)".formatted(topic));
    }
    return topic;
  }

  /** Without the slash at its end. */
  static String baseUrl(String url) {
    requireNonNull(url, "baseUrl");
    try {
      var uri = new URI(url);
      var isHttp =
          "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
      if (uri.getRawUserInfo() != null) {
        throw new IllegalArgumentException(
            "baseUrl: '%s' has a user (expected: none, for it would be shown in messages)"
                .formatted(withoutUser(url)));
      }
      if (isHttp && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(baseUrlExpected(url), e);
    }
    throw new IllegalArgumentException(baseUrlExpected(url));
  }

  /**
   * The wire knows whole seconds only; rounding in silence would change what the caller asked for.
   */
  static long wholeSeconds(String name, Duration value) {
    requireNonNull(value, name);
    if (value.getNano() != 0 || value.getSeconds() < 1 || value.getSeconds() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %s (expected: whole seconds, 1 at least)".formatted(name, value));
    }
    return value.getSeconds();
  }

  /** How long a request may take. */
  static Duration timeout(Duration value) {
    if (positive("timeout", value).compareTo(TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "timeout: %s (expected: %s at most)".formatted(value, TIMEOUT_MAX));
    }
    return value;
  }

  /** An address in messages and reasons: without what may be secret, the password and the query. */
  static String shown(String url) {
    var hidden = withoutUser(url);
    var query = hidden.indexOf('?');
    return query < 0 ? hidden : hidden.substring(0, query) + "?***";
  }

  private static String withoutUser(String url) {
    return USER_AND_PASSWORD.matcher(url).replaceFirst("://***@");
  }

  static Duration positive(String name, Duration value) {
    requireNonNull(value, name);
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: more than zero)".formatted(name, value));
    }
    return value;
  }

  static String headerName(String name) {
    requireNonNull(name, "name");
    var isToken =
        !name.isEmpty()
            && name.chars()
                .allMatch(c ->
                    c < 128 && (Character.isLetterOrDigit(c) || HEADER_NAME_SIGNS.indexOf(c) >= 0));
    if (!isToken) {
      throw new IllegalArgumentException(
          "name: '%s' (expected: the name of an HTTP header)".formatted(name));
    }
    return name;
  }

  static String headerValue(String value) {
    requireNonNull(value, "value");
    if (value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
      throw new IllegalArgumentException("value: contains a control character (expected: none)");
    }
    if (value.chars().anyMatch(c -> c > HEADER_VALUE_LAST)) {
      throw new IllegalArgumentException(
          "value: contains a character that no header can have (expected: Latin-1; encode others)");
    }
    return value;
  }

  static Map<String, String> headers(Map<String, String> headers) {
    headers.forEach((name, value) -> {
      headerName(name);
      headerValue(value);
    });
    return Map.copyOf(headers);
  }

  private static String baseUrlExpected(String url) {
    return "baseUrl: '%s' (expected: such as http://127.0.0.1:36789)".formatted(withoutUser(url));
  }
}
