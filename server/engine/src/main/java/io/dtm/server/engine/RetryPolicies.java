package io.dtm.server.engine;

import io.dtm.server.core.HostAndPort;
import io.dtm.server.core.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The retry policies that an operator has chosen. What neither the transaction nor its destination
 * nor the server says stays as it always was: pauses double, and nothing is ever given up.
 *
 * @param server for whatever has no policy of its own
 * @param destinations the first one that matches counts
 */
public record RetryPolicies(RetryPolicy server, List<ForDestination> destinations) {
  /** By which pauses grow where nobody says otherwise. */
  public static final int FACTOR_DEFAULT = 2;

  private static final RetryPolicies NONE =
      new RetryPolicies(
          new RetryPolicy(Duration.ZERO, FACTOR_DEFAULT, Duration.ZERO, 0, Duration.ZERO),
          List.of());

  public RetryPolicies {
    destinations = List.copyOf(destinations);
  }

  /** Nothing is chosen. */
  public static RetryPolicies none() {
    return NONE;
  }

  /** The policy of a transaction, completed by that of a destination and by the server's. */
  RetryPolicy of(RetryPolicy own, String url) {
    if (destinations.isEmpty()) {
      return own.completedBy(server);
    }
    var hostAndPort = HostAndPort.of(url);
    return destinations.stream()
        .filter(destination -> destination.matches(hostAndPort))
        .findFirst()
        .map(destination -> own.completedBy(destination.policy()))
        .orElse(own)
        .completedBy(server);
  }

  /** A policy for one destination, or for those that match a pattern. */
  public static final class ForDestination {
    private final String pattern;
    private final RetryPolicy policy;
    private final Pattern regex;

    /**
     * @param pattern host and port in small letters; {@code *} stands for any characters
     */
    public ForDestination(String pattern, RetryPolicy policy) {
      this.pattern = pattern;
      this.policy = policy;
      this.regex =
          Pattern.compile(
              Stream.of(pattern.split("\\*", -1))
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*")));
    }

    public String pattern() {
      return pattern;
    }

    public RetryPolicy policy() {
      return policy;
    }

    boolean matches(String hostAndPort) {
      return regex.matcher(hostAndPort).matches();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof ForDestination that
          && pattern.equals(that.pattern)
          && policy.equals(that.policy);
    }

    @Override
    public int hashCode() {
      return pattern.hashCode();
    }

    @Override
    public String toString() {
      return "%s: %s".formatted(pattern, policy);
    }
  }
}
