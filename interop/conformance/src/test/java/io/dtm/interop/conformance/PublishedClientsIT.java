package io.dtm.interop.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Runs {@code interop/run}: the published clients of six languages, or their exact requests,
 * against a server that {@code ./dtm server} started. Shows the whole table, so that a client that
 * was skipped for want of its toolchain is seen by name. Root may install toolchains.
 */
class PublishedClientsIT {

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void everyClientPassesItsScenarios() throws Exception {
    var command = new ArrayList<>(List.of(Path.of("..", "run").toString()));
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--install");
    }

    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      output.lines().forEach(System.out::println);
    } finally {
      process.descendants().forEach(ProcessHandle::destroy);
    }

    assertThat(process.waitFor()).as("exit code of interop/run").isZero();
  }
}
