package io.dtm.testing.sdk;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Java runtimes of this machine, at the places where {@code ./build} looks for its JDK. */
final class JavaRuntimes {
  private static final List<String> FOLDERS =
      List.of("/usr/lib/jvm", "/opt", System.getProperty("user.home") + "/.sdkman/candidates/java");

  private JavaRuntimes() {}

  /** The program {@code java} of this version, if there is one. */
  static Optional<Path> java(int version) {
    return homes(version).stream()
        .filter(home -> isOfVersion(home, version))
        .map(home -> home.resolve("bin").resolve("java"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static String notFound(int version) {
    return "no Java %d on this machine (looked for one in %s; install one, or say where it is: %s)"
        .formatted(version, homes(version), variable(version));
  }

  private static String variable(int version) {
    return "DTM_JAVA%d_HOME".formatted(version);
  }

  private static List<Path> homes(int version) {
    var homes = new ArrayList<Path>();
    Stream.of(variable(version), "JAVA_HOME")
        .map(System::getenv)
        .filter(home -> home != null && !home.isEmpty())
        .map(Path::of)
        .forEach(homes::add);
    onPath().ifPresent(homes::add);
    FOLDERS.stream()
        .map(Path::of)
        .filter(Files::isDirectory)
        .forEach(folder -> {
          try (var entries = Files.list(folder)) {
            entries.sorted().forEach(homes::add);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return homes;
  }

  /** The home of what {@code java} is on the command line. */
  private static Optional<Path> onPath() {
    var path = System.getenv("PATH");
    return Stream.of((path == null ? "" : path).split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "java"))
        .filter(Files::isExecutable)
        .findFirst()
        .map(JavaRuntimes::home);
  }

  private static Path home(Path java) {
    try {
      return java.toRealPath().resolve("..").resolve("..").normalize();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isOfVersion(Path home, int version) {
    var release = home.resolve("release");
    try {
      return Files.isReadable(release)
          && Files.readString(release).contains("JAVA_VERSION=\"%d.".formatted(version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
