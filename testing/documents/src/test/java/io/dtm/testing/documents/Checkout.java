package io.dtm.testing.documents;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The files of this checkout, without what is built. */
final class Checkout {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path DOCUMENTS = ROOT.resolve("docs");

  private Checkout() {}

  /** What people read: the pages at the root, and those in {@code docs}. */
  static List<Page> pages() throws IOException {
    return files(ROOT, ".md").stream()
        .filter(file -> file.getParent().equals(ROOT) || file.startsWith(DOCUMENTS))
        .map(file -> new Page(ROOT, file))
        .toList();
  }

  /** The sources of all rooms, those of tests too. */
  static List<Source> sources() throws IOException {
    return files(ROOT, ".java").stream()
        .filter(file -> ROOT.relativize(file).toString().contains("src/"))
        .map(file -> new Source(ROOT, file))
        .toList();
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    var found = new ArrayList<Path>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
            var name = visited.getFileName().toString();
            boolean isOfNobody =
                !visited.equals(folder)
                    && (name.equals("target")
                        || name.equals("node_modules")
                        || name.startsWith("."));
            return isOfNobody ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(ending)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found.stream().sorted().toList();
  }
}
