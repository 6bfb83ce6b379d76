package io.dtm.cli.verify;

/**
 * One operation of a branch.
 *
 * @param operation in the words of the wire
 */
public record Endpoint(String operation, String url) {
  public Endpoint {
    if (!url.startsWith("http://") && !url.startsWith("https://")) {
      throw new IllegalArgumentException(
          "%s: %s (expected: http://host:port/path)".formatted(operation, url));
    }
  }
}
