package io.dtm.testing.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A room that users compile against: those of the protocol and of the SDK. What it has been built
 * to must be there already, so the room of these tests is built after them.
 *
 * @param name its folder, from the root of the checkout
 */
record PublishedRoom(String name) {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Pattern MODULE =
      Pattern.compile("<module>((?:protocol|sdk/)[^<]*)</module>");
  private static final Pattern PARENT = Pattern.compile("(?s)<parent>.*?</parent>");
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]*)</artifactId>");
  private static final String SOURCES = "src/main/java";

  static List<PublishedRoom> all() throws IOException {
    var rooms =
        MODULE
            .matcher(Files.readString(ROOT.resolve("pom.xml")))
            .results()
            .map(module -> new PublishedRoom(module.group(1)))
            .toList();
    assertThat(rooms).as("modules of the protocol and of the SDK").hasSizeGreaterThan(5);
    return rooms;
  }

  /** What is kept of its public API, to be held against what was compiled. */
  Path apiFile() {
    return folder().resolve("api.txt");
  }

  private Path folder() {
    return ROOT.resolve(name);
  }

  List<Path> sources() throws IOException {
    return files(folder().resolve(SOURCES), ".java");
  }

  /**
   * The class files that stem from sources here; those that were generated have their contract in
   * the files that they were generated from.
   */
  List<Path> classes() throws IOException {
    var classes = folder().resolve("target/classes");
    assertThat(classes).as("%s: not compiled yet", name).isDirectory();
    return files(classes, ".class").stream().filter(file -> hasSource(classes, file)).toList();
  }

  private boolean hasSource(Path classes, Path file) {
    var outermost = classes.relativize(file).toString().replaceFirst("(\\$.*)?\\.class$", ".java");
    return Files.exists(folder().resolve(SOURCES).resolve(outermost));
  }

  /** The package that all others of it lie in, which is also what its module is called. */
  String rootPackage() throws IOException {
    return sources().stream()
        .map(file -> folder().resolve(SOURCES).relativize(file.getParent()).toString())
        .min(String::compareTo)
        .orElseThrow()
        .replace('/', '.');
  }

  /** Made in phase {@code package}. */
  Path jar() throws IOException {
    var ownPart = PARENT.matcher(Files.readString(folder().resolve("pom.xml"))).replaceFirst("");
    var artifact = ARTIFACT.matcher(ownPart);
    assertThat(artifact.find()).isTrue();
    try (var built = Files.list(folder().resolve("target"))) {
      var jars =
          built
              .filter(file -> file.getFileName().toString().matches(jarName(artifact.group(1))))
              .toList();
      assertThat(jars).as("%s: jars of %s", name, artifact.group(1)).hasSize(1);
      return jars.getFirst();
    }
  }

  private static String jarName(String artifact) {
    return Pattern.quote(artifact) + "-\\d[\\w.]*(-SNAPSHOT)?\\.jar";
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
