package io.dtm.testing.databases;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A server's own folder among the temporary files, with its log inside. */
record ThrowAwayFolder(Path path) {
  private static final int TAIL_LINES_MAX = 40;

  static ThrowAwayFolder create(String name) {
    try {
      return new ThrowAwayFolder(Files.createTempDirectory("dtm-" + name + "-").toRealPath());
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot create a folder for " + name, failure);
    }
  }

  Path log() {
    return path.resolve("server.log");
  }

  String file(String name) {
    return path.resolve(name).toString();
  }

  void write(String name, List<String> lines) {
    try {
      var unused = Files.write(path.resolve(name), lines);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot write " + name + " in " + path, failure);
    }
  }

  void giveTo(String user) {
    try {
      var principal =
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
      Files.setOwner(path, principal);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot give " + path + " to " + user, failure);
    }
  }

  /** The last lines of the server's log, or why there are none. */
  String tailOfLog() {
    try {
      var lines = new String(Files.readAllBytes(log()), StandardCharsets.UTF_8).lines().toList();
      var from = Math.max(0, lines.size() - TAIL_LINES_MAX);
      return String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException failure) {
      return "(no log: " + failure + ")";
    }
  }

  /** Deletes the folder with all that is in it; what is gone already is no failure. */
  void delete() {
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot delete " + path, failure);
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
