package io.dtm.testing.databases;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs of one database, found in the first folders that have them. */
record Programs(String database, Map<String, Path> paths, List<String> missing) {
  /** Where servers live on Debian, which a normal user's PATH leaves out. */
  private static final List<String> SYSTEM = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin");

  Programs {
    paths = Map.copyOf(paths);
    missing = List.copyOf(missing);
  }

  /** Looks on the PATH and where systems keep their servers. */
  static Programs find(String database, String... names) {
    var searched =
        Stream.concat(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                    .filter(entry -> !entry.isBlank()),
                SYSTEM.stream())
            .map(Path::of)
            .toList();
    return findIn(searched, database, names);
  }

  static Programs findIn(List<Path> folders, String database, String... names) {
    var found = new LinkedHashMap<String, Path>();
    for (var name : names) {
      locate(folders, name).ifPresent(path -> found.put(name, path));
    }
    var missing = Arrays.stream(names).filter(name -> !found.containsKey(name)).toList();
    return new Programs(database, found, missing);
  }

  private static Optional<Path> locate(List<Path> folders, String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  boolean areInstalled() {
    return missing.isEmpty();
  }

  /** These programs, or a failure that says how to get them. */
  Programs required() {
    if (!areInstalled()) {
      throw new IllegalStateException(
          "%s is not installed: found no %s (expected: what testing/databases/install installs, run as root)"
              .formatted(database, String.join(", ", missing)));
    }
    return this;
  }

  /** The file of one of these programs. */
  String path(String name) {
    var path = paths.get(name);
    if (path == null) {
      throw new IllegalArgumentException(
          "%s: no program of %s (expected: one of %s)".formatted(name, database, paths.keySet()));
    }
    return path.toString();
  }
}
