package io.dtm.server.branch;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Which requests go through a proxy: what {@code HTTP_PROXY}, {@code HTTPS_PROXY} and {@code
 * NO_PROXY} say, as everywhere else. The own machine is never called through a proxy.
 *
 * @param http proxy for {@code http} URLs
 * @param https proxy for {@code https} URLs
 * @param except hosts, domains and {@code host:port} pairs that are called directly
 */
public record ProxyRules(Optional<URI> http, Optional<URI> https, List<String> except) {
  private static final ProxyRules NONE =
      new ProxyRules(Optional.empty(), Optional.empty(), List.of());

  public ProxyRules {
    except = List.copyOf(except);
  }

  /** Every request goes to its destination directly. */
  public static ProxyRules none() {
    return NONE;
  }

  /**
   * Reads the usual variables, in capitals or not.
   *
   * @throws IllegalArgumentException when a proxy is no URL of the form {@code http://host:port}
   */
  public static ProxyRules fromEnvironment(Map<String, String> environment) {
    var except =
        Arrays.stream(variable(environment, "NO_PROXY").orElse("").split(",", -1))
            .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
            .filter(entry -> !entry.isEmpty())
            .toList();
    return new ProxyRules(
        proxy(environment, "HTTP_PROXY"), proxy(environment, "HTTPS_PROXY"), except);
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .or(() -> Optional.ofNullable(environment.get(name.toLowerCase(Locale.ROOT))))
        .filter(value -> !value.isEmpty());
  }

  private static Optional<URI> proxy(Map<String, String> environment, String name) {
    return variable(environment, name)
        .map(value -> {
          var uri = URI.create(value.contains("://") ? value : "http://" + value);
          if (!"http".equals(uri.getScheme()) || uri.getHost() == null) {
            // The value may contain a password, so it is not repeated.
            throw new IllegalArgumentException(
                name + ": not a usable proxy (expected: http://host:port)");
          }
          return uri;
        });
  }

  /** The proxy to call {@code host} through, or empty for a direct call. */
  Optional<URI> proxyFor(String scheme, String host, int port) {
    var proxy = scheme.equals("https") ? https : http;
    return proxy.filter(uri -> !isOwnMachine(host) && !isExcepted(host, port));
  }

  private static boolean isOwnMachine(String host) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      return true;
    }
    var isLiteral = host.indexOf(':') >= 0 || Character.isDigit(host.charAt(host.length() - 1));
    try {
      return isLiteral && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private boolean isExcepted(String host, int port) {
    return except.stream().anyMatch(entry -> matches(entry, host, port));
  }

  private static boolean matches(String entry, String host, int port) {
    if (entry.equals("*") || entry.equals(host) || entry.equals(host + ":" + port)) {
      return true;
    }
    var domain = entry.startsWith("*.") ? entry.substring(1) : entry;
    return host.endsWith(domain.startsWith(".") ? domain : "." + domain);
  }

  HttpRoutePlanner routePlanner() {
    return new DefaultRoutePlanner(null) {
      @Override
      protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
        return proxyFor(
                target.getSchemeName(),
                target.getHostName().toLowerCase(Locale.ROOT),
                target.getPort())
            .map(uri -> new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort()))
            .orElse(null);
      }
    };
  }
}
