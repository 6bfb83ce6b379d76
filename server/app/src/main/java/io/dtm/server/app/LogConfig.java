package io.dtm.server.app;

import java.util.List;

/**
 * What is logged, and where to.
 *
 * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
 * @param outputs {@code stderr}, {@code stdout} or names of files
 */
public record LogConfig(String level, List<String> outputs) {
  static final String STDERR = "stderr";
  static final String STDOUT = "stdout";

  public LogConfig {
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("outputs: none (expected: at least one)");
    }
  }

  public static LogConfig defaults() {
    return new LogConfig("info", List.of(STDERR));
  }
}
