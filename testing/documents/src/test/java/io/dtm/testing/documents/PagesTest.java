package io.dtm.testing.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages show code that runs, say the same in both languages, and lead where they say. */
class PagesTest {
  private static List<Page> pages = List.of();
  private static List<Source> sources = List.of();
  private static Set<String> shown = Set.of();

  @BeforeAll
  static void read() throws IOException {
    pages = Checkout.pages();
    sources = Checkout.sources();
    shown = new TreeSet<>();
    for (var source : sources) {
      shown.addAll(source.shown());
    }
  }

  static List<Page> pages() throws IOException {
    return Checkout.pages();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCodeOfAPageIsCodeThatRuns(Page page) throws IOException {
    assertThat(page.code())
        .as("code that stands between // page: begin and // page: end in no source")
        .filteredOn(code -> !shown.contains(code))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theCodeIsTheSameInBothLanguages(Page page) throws IOException {
    var twin = page.inChinese();
    if (!page.code().isEmpty() && !page.isChinese()) {
      assertThat(twin).as("the page in Chinese").isPresent();
    }
    if (twin.isPresent()) {
      assertThat(twin.get().code()).isEqualTo(page.code());
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void theLinksOfAPageLeadSomewhere(Page page) throws IOException {
    assertThat(page.targets()).allMatch(Files::exists);
  }

  @Test
  void whatIsMarkedForAPageIsOnAPage() throws IOException {
    var onPages = new TreeSet<String>();
    for (var page : pages) {
      onPages.addAll(page.code());
    }

    assertThat(shown).isNotEmpty();
    for (var source : sources) {
      assertThat(source.shown())
          .as("marked in %s, and on no page", source)
          .filteredOn(code -> !onPages.contains(code))
          .isEmpty();
    }
  }

  @Test
  void marksComeInPairs() throws IOException {
    for (var source : sources) {
      var expected = new ArrayList<String>();
      for (int i = 0; i < source.shown().size(); i++) {
        expected.addAll(List.of("// page: begin", "// page: end"));
      }
      assertThat(source.marks()).as(source.toString()).isEqualTo(expected);
    }
  }
}
