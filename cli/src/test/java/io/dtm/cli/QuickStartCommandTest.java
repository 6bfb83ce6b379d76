package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickStartCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  @Test
  void showsATransferThatSucceedsAndOneThatIsRolledBack() {
    var exitCode = quickStart("0", folder);

    assertThat(err.toString()).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .containsSubsequence(
            "1. alice pays bob 30",
            "dtm  -> bank   branch 01  action      TransOut            200",
            "dtm  -> bank   branch 02  action      TransIn             200",
            "alice            1000        970",
            "bob              1000       1030",
            "status     succeeded",
            "2. alice pays bob 30 again, but bob's account is frozen",
            "dtm  -> bank   branch 01  action      TransOut            200",
            "dtm  -> bank   branch 02  action      TransIn             409 account frozen",
            "dtm  -> bank   branch 02  compensate  TransInCompensate   200",
            "dtm  -> bank   branch 01  compensate  TransOutCompensate  200",
            "alice             970        970",
            "bob              1030       1030",
            "status     failed: rolled back",
            "account frozen")
        .doesNotContain("WRONG");
  }

  @Test
  void fitsIntoAHundredColumnsOfPlainText() {
    quickStart("0", folder);

    // The first line names the folder, which is as long as it is.
    assertThat(out.toString().lines().skip(1)).allMatch(line -> line.length() <= 100);
    assertThat(out.toString()).matches("[\\x20-\\x7e\\r\\n]+");
  }

  @Test
  void runsAgainInTheSameFolder() {
    quickStart("0", folder);

    assertThat(quickStart("0", folder)).isZero();
  }

  @Test
  void namesThePortThatIsTakenAndTheWayOut() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var port = Integer.toString(taken.getLocalPort());

      assertThat(quickStart(port, folder)).isEqualTo(1);
      assertThat(err.toString()).contains("port " + port + " is taken").contains("--port");
    }
  }

  @Test
  void saysHowToUseAnotherFolder() throws IOException {
    var file = Files.createFile(folder.resolve("file"));

    assertThat(quickStart("0", file)).isEqualTo(1);
    assertThat(err.toString()).contains(file.toString()).contains("--data-dir");
  }

  @Test
  void saysWhatIsWrongWithAPortThatIsNone() {
    assertThat(quickStart("70000", folder)).isEqualTo(1);
    assertThat(err.toString()).contains("70000").contains("expected");
  }

  private int quickStart(String port, Path dataDir) {
    return Main.commandLine(Map.of())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("quickstart", "--once", "--port", port, "--data-dir", dataDir.toString());
  }
}
