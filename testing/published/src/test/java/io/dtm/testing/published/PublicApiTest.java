package io.dtm.testing.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The public API of each room is the one that is kept beside it, so that nobody changes it without
 * seeing so. With the system property {@code dtm.api.accept} it becomes the one that is kept.
 */
class PublicApiTest {
  static List<PublishedRoom> rooms() throws IOException {
    return PublishedRoom.all();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void thePublicApiIsTheOneThatIsKept(PublishedRoom room) throws IOException {
    var compiled = new PublicApi(room.classes()).text();
    assertThat(compiled).contains("public ");
    if (Boolean.getBoolean("dtm.api.accept")) {
      Files.writeString(room.apiFile(), compiled);
    }
    var kept = Files.exists(room.apiFile()) ? Files.readString(room.apiFile()) : "";

    assertThat(compiled)
        .withFailMessage(() ->
            """
            The public API of %s is not that of its api.txt.
            No longer there:
            %s
            New:
            %s
            Whoever compiled against it may be broken by what is no longer there. \
            If all of this is meant: testing/published/accept\
            """
                .formatted(room, without(kept, compiled), without(compiled, kept)))
        .isEqualTo(kept);
  }

  /** The lines of a text that another does not have, each under the type that it belongs to. */
  private static String without(String text, String other) {
    var others = List.of(withTypes(other).split("\n", -1));
    return withTypes(text)
        .lines()
        .filter(line -> !others.contains(line))
        .collect(Collectors.joining("\n"));
  }

  private static String withTypes(String text) {
    var type = "";
    var lines = new StringBuilder();
    for (var line : text.lines().toList()) {
      if (line.startsWith("  ")) {
        lines.append(type).append(": ").append(line.strip()).append('\n');
      } else if (!line.isEmpty()) {
        type = line.replaceFirst("^.*?(class|interface|enum|record) ([\\w.]+).*$", "$2");
        lines.append(line).append('\n');
      }
    }
    return lines.toString();
  }
}
