package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.json.JsonParserFactory;

/** What editors show to whoever writes a configuration. */
class ConfigurationMetadataTest {
  private static final Path PAGES = Path.of("..", "..", "docs", "java");

  @ParameterizedTest
  @ValueSource(strings = {"spring.md", "spring-cn.md"})
  void thePageHasEveryProperty(String page) throws IOException {
    var text = Files.readString(PAGES.resolve(page));

    assertThat(described()).allMatch(property -> text.contains("| `" + property));
  }

  @Test
  void everyPropertyIsDescribed() throws IOException {
    assertThat(described())
        .containsExactly(
            "dtm.barrier.table",
            "dtm.base-url",
            "dtm.branch-timeout",
            "dtm.connect-timeout",
            "dtm.health.timeout",
            "dtm.propagation.enabled",
            "dtm.propagation.headers",
            "dtm.protocol",
            "dtm.request-timeout",
            "dtm.servers",
            "dtm.services");
  }

  private static Set<String> described() throws IOException {
    var described = new TreeSet<String>();
    for (var property : properties()) {
      var named = (Map<?, ?>) property;
      if (named.get("description") instanceof String) {
        described.add(String.valueOf(named.get("name")));
      }
    }
    return described;
  }

  private static Iterable<?> properties() throws IOException {
    var file = "/META-INF/spring-configuration-metadata.json";
    try (var metadata = requireNonNull(DtmProperties.class.getResourceAsStream(file), file)) {
      var text = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
      var json = JsonParserFactory.getJsonParser().parseMap(text);
      return (Iterable<?>) requireNonNull(json.get("properties"), "properties");
    }
  }
}
