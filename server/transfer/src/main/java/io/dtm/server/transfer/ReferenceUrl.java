package io.dtm.server.transfer;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the store of a reference is: {@code mysql://user:password@host:3306/dtm}, {@code
 * postgres://user:password@host:5432/dtm?schema=public}, {@code
 * redis://:password@host:6379/0?prefix={a}}. Several hosts are the nodes of a Redis cluster.
 *
 * @param database the part behind the hosts; empty when it is not there
 * @param parameters the part behind the question mark
 */
public record ReferenceUrl(
    Kind kind,
    String user,
    String password,
    List<Host> hosts,
    String database,
    Map<String, String> parameters) {
  /*
   * Not a java.net.URI: that has no list of hosts, and no braces, which the usual prefix has. No
   * message of this class repeats what it was given, since that may be, or be near, a password.
   */
  private static final Pattern FORM =
      Pattern.compile("([a-z]+)://(?:([^/?]*)@)?([^/?@]*)(?:/([^?]*))?(?:\\?(.*))?");

  private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:\\[\\]]+)(?::(.*))?");
  private static final int PORT_MAX = 65_535;

  /** The stores that can be read. */
  public enum Kind {
    MYSQL("mysql", 3306, "dtm"),
    POSTGRES("postgres", 5432, "dtm"),
    REDIS("redis", 6379, "0"),
    REDIS_TLS("rediss", 6379, "0");

    private final String scheme;
    private final int port;
    private final String database;

    Kind(String scheme, int port, String database) {
      this.scheme = scheme;
      this.port = port;
      this.database = database;
    }

    boolean isRedis() {
      return this == REDIS || this == REDIS_TLS;
    }
  }

  /** One server. */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  public ReferenceUrl {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
    if (hosts.size() > 1 && !kind.isRedis()) {
      throw new IllegalArgumentException(
          "%d hosts (expected: one, but for the nodes of a Redis cluster)".formatted(hosts.size()));
    }
  }

  /**
   * Reads a URL.
   *
   * @param defaultPassword for a URL without one; empty: there is none
   * @throws IllegalArgumentException when it is no such URL; the message does not repeat it
   */
  public static ReferenceUrl parse(String url, String defaultPassword) {
    var form = FORM.matcher(url);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "not a URL (expected: such as mysql://user:password@host:3306/dtm; in a password, write"
              + " %2F for / and %3F for ?)");
    }
    var kind = kind(form.group(1));
    var userInfo = orEmpty(form.group(2));
    int colon = userInfo.indexOf(':');
    var user = colon < 0 ? userInfo : userInfo.substring(0, colon);
    var password = colon < 0 ? defaultPassword : decoded(userInfo.substring(colon + 1));
    var database = decoded(orEmpty(form.group(4)));
    return new ReferenceUrl(
        kind,
        decoded(user),
        password,
        hosts(form.group(3), kind.port),
        database.isEmpty() ? kind.database : database,
        parameters(orEmpty(form.group(5))));
  }

  private static Kind kind(String scheme) {
    for (var kind : Kind.values()) {
      if (kind.scheme.equals(scheme)) {
        return kind;
      }
    }
    return switch (scheme) {
      case "mariadb", "tdsql" -> Kind.MYSQL;
      case "postgresql" -> Kind.POSTGRES;
      case "boltdb", "bolt" ->
          throw new IllegalArgumentException(
              "boltdb: the reference's embedded file cannot be read (expected: let the reference"
                  + " finish what it has, with no new transactions coming in, and switch then)");
      default ->
          throw new IllegalArgumentException(
              "scheme: %s (expected: mysql, mariadb, postgres, redis or rediss)".formatted(scheme));
    };
  }

  private static List<Host> hosts(String text, int defaultPort) {
    var hosts = new ArrayList<Host>();
    for (var part : text.split(",", -1)) {
      var host = HOST.matcher(part);
      if (!host.matches()) {
        throw new IllegalArgumentException("no host (expected: host or host:port)");
      }
      var port = host.group(2);
      hosts.add(new Host(host.group(1), port == null ? defaultPort : port(port)));
    }
    return hosts;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= PORT_MAX) {
        return port;
      }
    } catch (NumberFormatException unused) {
      // said below, without the text: it may be half a password
    }
    throw new IllegalArgumentException("port: not a number (expected: 1 to " + PORT_MAX + ")");
  }

  private static Map<String, String> parameters(String query) {
    var parameters = new LinkedHashMap<String, String>();
    for (var part : query.split("&", -1)) {
      if (!part.isEmpty()) {
        int end = part.indexOf('=');
        parameters.put(
            decoded(end < 0 ? part : part.substring(0, end)),
            end < 0 ? "" : decoded(part.substring(end + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unused) { // its message has the text in it
      throw new IllegalArgumentException("a % that is no escape (expected: %25)");
    }
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  /** Without the password, and without the parameters, which may hold another one. */
  @Override
  public String toString() {
    var names = String.join(",", hosts.stream().map(Host::toString).toList());
    return "%s://%s%s/%s".formatted(kind.scheme, user.isEmpty() ? "" : user + "@", names, database);
  }
}
