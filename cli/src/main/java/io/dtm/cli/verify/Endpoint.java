package io.dtm.cli.verify;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * One operation of a branch.
 *
 * @param operation in the words of the wire
 * @param url {@code http://…} or {@code https://…}; or a method of gRPC
 */
public record Endpoint(String operation, String url) {
  private static final Pattern GRPC_METHOD = Pattern.compile("[^/\\s]+:\\d+/[^/\\s]+/[^/\\s]+");

  /**
   * @throws IllegalArgumentException when the address is neither
   */
  public Endpoint {
    if (isHttp(url)) {
      var unused = URI.create(url);
    } else if (!GRPC_METHOD.matcher(url).matches()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: http://host:port/path, or host:port/package.Service/Method)"
              .formatted(operation, url));
    }
  }

  boolean isHttp() {
    return isHttp(url);
  }

  private static boolean isHttp(String url) {
    return url.startsWith("http://") || url.startsWith("https://");
  }
}
