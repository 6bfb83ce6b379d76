package io.dtm.testing.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages show code that runs here, and say the same in both languages. */
class PagesTest {
  private static final Path PAGES = Path.of("..", "..", "docs", "java");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");
  private static final Path TESTS = Path.of("src", "test", "java");

  @ParameterizedTest
  @ValueSource(strings = {"saga", "tcc", "message", "xa", "grpc"})
  void theCodeOfAPageIsCodeThatRuns(String page) throws IOException {
    var english = Snippets.ofPage(PAGES.resolve(page + ".md"));

    assertThat(english).isNotEmpty();
    assertThat(Snippets.ofTests(TESTS)).containsAll(english);
    assertThat(Snippets.ofPage(PAGES.resolve(page + "-cn.md"))).isEqualTo(english);
  }

  @ParameterizedTest
  @ValueSource(strings = {"saga", "tcc", "message", "xa", "grpc"})
  void theLinksOfAPageLeadSomewhere(String page) throws IOException {
    for (var file : List.of(page + ".md", page + "-cn.md")) {
      var targets = LINK.matcher(Files.readString(PAGES.resolve(file))).results();
      assertThat(targets.map(link -> PAGES.resolve(link.group(1)))).allMatch(Files::exists);
    }
  }
}
