package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/configuration.md} and its Chinese twin to the table of settings. */
class ConfigurationDocumentTest {
  private static final Path DOCS = Path.of("..", "..", "docs");
  private static final int COLUMNS = 5;

  private static String row(Setting setting) {
    return String.join(
        " | ",
        "| `%s`".formatted(setting.key()),
        "`%s`".formatted(setting.environmentName()),
        setting.type().label(),
        setting.defaultValue().isEmpty() ? "–" : "`%s`".formatted(setting.defaultValue()),
        setting.description() + " |");
  }

  private static List<String> rows(Stream<Setting> settings) {
    return settings.map(ConfigurationDocumentTest::row).toList();
  }

  private static List<String> rowsOf(String document) throws IOException {
    try (var lines = Files.lines(DOCS.resolve(document))) {
      return lines.filter(line -> line.startsWith("| `")).toList();
    }
  }

  @Test
  void theEnglishDocumentShowsTheTable() throws IOException {
    var inForce = rows(Settings.all().stream().filter(Setting::hasEffect));
    var withoutEffect = rows(Settings.all().stream().filter(setting -> !setting.hasEffect()));

    assertThat(rowsOf("configuration.md"))
        .as("rows to be found in docs/configuration.md")
        .containsExactlyElementsOf(
            Stream.concat(inForce.stream(), withoutEffect.stream()).toList());
  }

  /** All but the last column, which is prose. */
  @Test
  void theChineseDocumentShowsTheSameTable() throws IOException {
    var english = rowsOf("configuration.md").stream().map(ConfigurationDocumentTest::facts);
    var chinese = rowsOf("configuration-cn.md");

    assertThat(chinese.stream().map(ConfigurationDocumentTest::facts))
        .containsExactlyElementsOf(english.toList());
    assertThat(chinese).allMatch(row -> !description(row).isBlank());
  }

  private static List<String> facts(String row) {
    return cells(row).subList(0, COLUMNS - 1);
  }

  private static String description(String row) {
    return cells(row).getLast();
  }

  private static List<String> cells(String row) {
    var cells = List.of(row.substring(2, row.length() - 2).split(" \\| ", -1));
    assertThat(cells).hasSize(COLUMNS);
    return cells;
  }
}
