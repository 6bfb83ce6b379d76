package io.dtm.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;

/** How client, server and participant talk to each other. */
enum Wire {
  HTTP("HTTP"),
  GRPC("gRPC");

  private final String name;

  Wire(String name) {
    this.name = name;
  }

  /** The wire that a word of a command line means. */
  static Wire of(String word) {
    return Arrays.stream(values())
        .filter(wire -> wire.name.toLowerCase(Locale.ROOT).equals(word))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("wire: %s (expected: one of http, grpc)".formatted(word)));
  }

  @Override
  public String toString() {
    return name;
  }
}
