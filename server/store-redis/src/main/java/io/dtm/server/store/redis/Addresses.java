package io.dtm.server.store.redis;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks and prints addresses of servers, which may have a password in them. */
final class Addresses {
  private static final List<String> SCHEMES = List.of("redis", "rediss");

  /** Everything up to the last @ may be secret, also where an address is malformed. */
  private static final Pattern SECRET = Pattern.compile("^([a-z]*:?/*).*@");

  private Addresses() {}

  static List<String> require(List<String> addresses) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("addresses: none (expected: at least one)");
    }
    addresses.forEach(Addresses::require);
    return List.copyOf(addresses);
  }

  static void require(String address) {
    if (!isAddress(address)) {
      // Without a cause: its message would have the password.
      throw new IllegalArgumentException(
          "address: %s (expected: redis://host:port or rediss://host:port)"
              .formatted(masked(List.of(address))));
    }
  }

  private static boolean isAddress(String address) {
    try {
      var uri = new URI(address);
      return uri.getScheme() != null && SCHEMES.contains(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  static String masked(List<String> addresses) {
    return addresses.stream()
        .map(address -> SECRET.matcher(address).replaceFirst("$1***@"))
        .collect(Collectors.joining(","));
  }
}
