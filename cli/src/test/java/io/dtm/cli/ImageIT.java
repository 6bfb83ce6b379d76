package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./dtm image} makes, at another place than where it was made. */
@Timeout(180)
class ImageIT {
  private static final Path SCRIPT = Path.of("..", "deploy", "image").toAbsolutePath();
  private static final Path JARS = Path.of("target", "lib").toAbsolutePath();
  private static final long RUNTIME_BYTES_MAX = 100_000_000;

  /** The JVM does not run at all when it cannot use the cache. */
  private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on";

  @TempDir private static Path folder = Path.of(".");
  private static Path image = Path.of(".");

  private record Run(int exit, String output) {}

  @BeforeAll
  static void makeAnImageAndMoveIt() throws Exception {
    var made = folder.resolve("made");

    var run = run(command(made, System.getProperty("java.home")), Map.of());

    assertThat(run.exit()).as(run.output()).isZero();
    image = Files.move(made, folder.resolve("moved"));
  }

  private static List<String> command(Path to, String jdk) {
    return List.of(
        SCRIPT.toString(),
        "--jdk",
        jdk,
        "--jars",
        JARS.toString(),
        "--to",
        to.toString(),
        "--rounds",
        "1");
  }

  private static Run run(List<String> command, Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private static Run version(String options) throws Exception {
    return run(
        List.of(image.resolve("bin/dtm").toString(), "version"), Map.of("DTM_JAVA_OPTS", options));
  }

  @Test
  void answersFromItsCacheAndKeepsWhatItIsTold() throws Exception {
    var builder = new ProcessBuilder(image.resolve("bin/dtm").toString(), "server");
    builder
        .environment()
        .putAll(
            Map.of(
                "DTM_JAVA_OPTS", CACHE_OR_NOTHING,
                "HTTP_PORT", "0",
                "GRPC_PORT", "0",
                "BIND_HOST", "127.0.0.1",
                "STORE_DATA_DIR", folder.resolve("data").toString()));
    var process = builder.redirectErrorStream(true).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      var url = urlOf(output);

      try (var api = new ServerApi(url)) {
        var saga =
            Map.of(
                "gid",
                "first",
                "trans_type",
                "saga",
                "wait_result",
                true,
                "steps",
                List.of(Map.of("action", "", "compensate", "")),
                "payloads",
                List.of("{}"));
        assertThat(api.post("/api/dtmsvr/submit", saga).path("dtm_result").asText())
            .isEqualTo("SUCCESS");
        assertThat(
                api.get("/api/dtmsvr/query?gid=first").path("transaction").path("status").asText())
            .isEqualTo("succeed");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  private static String urlOf(BufferedReader output) throws IOException {
    var lines = new ArrayList<String>();
    for (var line = output.readLine(); line != null; line = output.readLine()) {
      lines.add(line);
      if (line.contains("is ready: ")) {
        return URI.create(line.replaceAll(".*(http://[^,]*),.*", "$1")).toString();
      }
    }
    throw new AssertionError(lines);
  }

  @Test
  void goesWithoutACacheThatDoesNotFitItsOptions() throws Exception {
    assertThat(version(CACHE_OR_NOTHING + " -XX:-UseCompactObjectHeaders").exit()).isNotZero();

    var run = version("-XX:-UseCompactObjectHeaders");

    assertThat(run).isEqualTo(new Run(0, Main.versionLine() + "\n"));
  }

  @Test
  void goesWithoutACacheThatIsDamaged() throws Exception {
    var cache = cache();
    var aside = folder.resolve("aside");
    Files.move(cache, aside);
    Files.writeString(cache, "no cache");
    try {
      var run = version("");

      assertThat(run).isEqualTo(new Run(0, Main.versionLine() + "\n"));
    } finally {
      Files.move(aside, cache, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Path cache() throws IOException {
    try (var files = Files.list(image.resolve("lib/aot"))) {
      return files.findFirst().orElseThrow();
    }
  }

  @Test
  void isSmall() throws Exception {
    try (var files = Files.walk(image.resolve("runtime"))) {
      long bytes =
          files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();

      assertThat(bytes).isLessThan(RUNTIME_BYTES_MAX);
    }
  }

  @Test
  void cannotBeMadeWithoutJlink() throws Exception {
    var noJdk = folder.resolve("no-jdk").toString();

    var run = run(command(folder.resolve("none"), noJdk), Map.of());

    assertThat(run.exit()).isOne();
    assertThat(run.output()).contains(noJdk, "no jlink", "expected: a JDK");
  }
}
