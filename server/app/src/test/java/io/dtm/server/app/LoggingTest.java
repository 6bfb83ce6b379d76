package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoggingTest {
  @TempDir private Path folder = Path.of(".");
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void setUp() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    new LogSetup().configure(context);
  }

  private List<String> written(Path file) throws IOException {
    context.stop();
    return Files.readAllLines(file);
  }

  @Test
  void everyMessageIsOneLine() throws IOException {
    var file = folder.resolve("dtm.log");
    LogSetup.write(context, List.of(file.toString()));
    var log = context.getLogger("io.dtm.Some");

    log.info("refused: no\nmoney");
    log.error("broken", new IllegalStateException("a bug\nin two lines"));
    log.debug("not wanted");

    var lines = written(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst()).endsWith(" INFO  [main] Some - refused: no | money");
    assertThat(lines.getLast())
        .contains(" ERROR [main] Some - broken | java.lang.IllegalStateException: a bug in two")
        .contains("LoggingTest");
  }

  @Test
  void aFileThatCannotBeWrittenStopsTheStart() {
    var output = folder.toString();

    assertThatThrownBy(() -> LogSetup.write(context, List.of(output)))
        .isInstanceOf(ServerStartFailed.class)
        .hasMessage(
            "log file %s: cannot be written (set Log.Outputs or LOG_OUTPUTS)".formatted(output));
  }

  @Test
  void librariesAreHeardFromWarningsOn() throws IOException {
    var file = folder.resolve("dtm.log");
    LogSetup.write(context, List.of(file.toString()));

    context.getLogger("io.helidon.webserver.Some").info("features");
    context.getLogger("org.apache.hc.client5").warn("odd answer");

    assertThat(written(file)).singleElement().asString().endsWith("odd answer");
  }
}
