package io.dtm.testing.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A document in Markdown. */
record Page(Path root, Path file) {
  private static final String CHINESE = "-cn.md";
  private static final Pattern CODE = Pattern.compile("(?ms)^ *```java\\n(.*?)\\n *```$");
  private static final Pattern ANY_CODE = Pattern.compile("(?ms)^ *```.*?^ *```$|`[^`\\n]*`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");

  /** The blocks of Java, without the indentation that all lines of one have. */
  List<String> code() throws IOException {
    return CODE.matcher(Files.readString(file))
        .results()
        .map(block -> block.group(1).stripIndent() + "\n")
        .toList();
  }

  /** Where it leads to in this checkout. */
  Stream<Path> targets() throws IOException {
    var prose = ANY_CODE.matcher(Files.readString(file)).replaceAll("");
    return LINK.matcher(prose).results().map(link -> file.resolveSibling(link.group(1)));
  }

  boolean isChinese() {
    return file.toString().endsWith(CHINESE);
  }

  /** The same page in Chinese, where there is one. */
  Optional<Page> inChinese() {
    var name = file.getFileName().toString().replaceFirst("\\.md$", CHINESE);
    return Optional.of(new Page(root, file.resolveSibling(name)))
        .filter(page -> Files.exists(page.file));
  }

  @Override
  public String toString() {
    return root.relativize(file).toString();
  }
}
