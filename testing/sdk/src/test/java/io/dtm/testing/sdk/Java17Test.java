package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SDK is for Java 17, so it is run there, although all that builds it is newer. */
class Java17Test {
  private static final Path PROGRAM = Path.of("src", "test", "java17", "AllModes.java");
  private static final int SECONDS_MAX = 60;

  /** Surefire gives the JVM a jar that only names these. */
  private static final String CLASS_PATH =
      System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

  @TempDir Path folder;

  @Test
  void everyModeRunsOnJava17() throws Exception {
    var java = JavaRuntimes.java(17);
    if (java.isEmpty()) {
      // Told among the skipped tests of a build, with its reason.
      abort(JavaRuntimes.notFound(17));
    }
    compile();

    try (var world = new World()) {
      var output = run(java.get(), world);

      assertThat(output)
          .isEqualTo(
              """
              java 17
              HTTP saga Succeeded
              HTTP tcc Succeeded
              HTTP message Succeeded
              gRPC saga Succeeded
              gRPC tcc Succeeded
              gRPC message Succeeded
              effects 12
              effects after every call was repeated 12
              """);
    }
  }

  private void compile() {
    var problems = new ByteArrayOutputStream();
    var status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                problems,
                "--release",
                "17",
                "-proc:none",
                "-nowarn",
                "-cp",
                CLASS_PATH,
                "-d",
                folder.toString(),
                PROGRAM.toString());
    assertThat(status).as(problems.toString(StandardCharsets.UTF_8)).isZero();
  }

  private String run(Path java, World world) throws Exception {
    var output = folder.resolve("output");
    var process =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                folder + File.pathSeparator + CLASS_PATH,
                "AllModes",
                world.baseUrl(),
                world.grpcTarget())
            .redirectOutput(output.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).as("ended").isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue())
        .as(() -> read(output) + read(folder.resolve("errors")))
        .isZero();
    return read(output);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
