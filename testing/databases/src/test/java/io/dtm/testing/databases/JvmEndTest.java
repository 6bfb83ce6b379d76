package io.dtm.testing.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JvmEndTest {
  /** Another JVM, which starts a server, says where, and ends without a word to it. */
  static final class Forgetful {
    private Forgetful() {}

    public static void main(String[] arguments) {
      var server = RedisServer.start();
      System.out.println(server.folder().path());
      System.out.println(
          server
              .query("INFO", "server")
              .lines()
              .filter(Forgetful::isPid)
              .findFirst()
              .orElseThrow());
      System.exit(7);
    }

    private static boolean isPid(String line) {
      return line.startsWith("process_id:");
    }
  }

  @Test
  void theEndOfTheJvmEndsTheServerToo() throws IOException, InterruptedException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var classPath = System.getProperty("java.class.path");

    var process =
        new ProcessBuilder(java, "-cp", classPath, Forgetful.class.getName())
            .redirectErrorStream(true)
            .start();

    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(said).isEqualTo(7);
      var lines = said.lines().toList();
      assertThat(Path.of(lines.get(0))).doesNotExist();
      var pid = Long.parseLong(lines.get(1).substring("process_id:".length()));
      assertThat(ProcessHandle.of(pid).filter(ServerProcess::runs)).isEmpty();
    } finally {
      process.destroyForcibly();
    }
  }
}
