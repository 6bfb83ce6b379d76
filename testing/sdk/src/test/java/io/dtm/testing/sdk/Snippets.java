package io.dtm.testing.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The code of pages, and the code of tests that pages may show. */
final class Snippets {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern SHOWN =
      Pattern.compile("( *)// page: begin\n(.*?) *// page: end\n", Pattern.DOTALL);

  private Snippets() {}

  /** The blocks of Java code on a page. */
  static List<String> ofPage(Path page) throws IOException {
    return BLOCK.matcher(Files.readString(page)).results().map(block -> block.group(1)).toList();
  }

  /** What stands between marks in the sources of a folder, without its indentation. */
  static List<String> ofTests(Path folder) throws IOException {
    var shown = new ArrayList<String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.filter(path -> path.toString().endsWith("PageTest.java")).toList()) {
        SHOWN
            .matcher(Files.readString(file))
            .results()
            .map(snippet -> snippet.group(2).indent(-snippet.group(1).length()))
            .forEach(shown::add);
      }
    }
    return shown;
  }
}
