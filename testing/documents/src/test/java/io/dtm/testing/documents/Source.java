package io.dtm.testing.documents;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A source, and what of it stands between marks for a page to show. */
record Source(Path root, Path file) {
  private static final Pattern SHOWN =
      Pattern.compile("(?ms)^ *// page: begin\\n(.*?)\\s*\\n *// page: end$");
  private static final Pattern MARK = Pattern.compile("(?m)^ *// page: .*$");

  /** Without the indentation that all of its lines have. */
  List<String> shown() throws IOException {
    return SHOWN
        .matcher(Files.readString(file))
        .results()
        .map(shown -> shown.group(1).stripIndent() + "\n")
        .toList();
  }

  /** As they stand there, each without its indentation. */
  List<String> marks() throws IOException {
    return MARK.matcher(Files.readString(file))
        .results()
        .map(mark -> mark.group().strip())
        .toList();
  }

  @Override
  public String toString() {
    return root.relativize(file).toString();
  }
}
