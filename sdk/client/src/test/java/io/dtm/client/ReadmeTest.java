package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of both READMEs is the code that runs here. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path SOURCE = Path.of("src/test/java/io/dtm/client/ReadmeTest.java");

  @Test
  void theExampleTellsHowTheTransferEnded() {
    try (var manager = new FakeManager()) {
      manager.succeeds();

      assertThat(transfer(TransactionClient.of(manager.url()), "http://127.0.0.1:8081"))
          .isEqualTo("transferred");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "README-cn.md"})
  void theExampleInTheReadmeIsTheOneThatRuns(String readme) throws IOException {
    assertThat(Files.readString(ROOT.resolve(readme))).contains("```java\n" + example() + "```\n");
  }

  private static String transfer(TransactionClient client, String bank) {
    // readme: begin
    var result =
        client
            .saga()
            .step(bank + "/TransOut", bank + "/TransOutCompensate", Map.of("amount", 30))
            .step(bank + "/TransIn", bank + "/TransInCompensate", Map.of("amount", 30))
            .retryLimit(5)
            .waitForResult()
            .submit();

    return result.fold(
        accepted -> "on its way as " + accepted.gid(),
        succeeded -> "transferred",
        rolledBack -> "undone, because " + rolledBack.reason(),
        pending -> "ended as " + client.waitFor(pending.gid(), Duration.ofMinutes(1)).status());
    // readme: end
  }

  private static String example() throws IOException {
    var source = Files.readString(SOURCE);
    var begin = "    // readme: " + "begin\n";
    var end = "    // readme: " + "end\n";
    return source.substring(source.indexOf(begin) + begin.length(), source.indexOf(end)).indent(-4);
  }
}
