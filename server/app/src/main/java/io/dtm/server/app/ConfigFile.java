package io.dtm.server.app;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A YAML file, read as keys with dots and their values as they are written: a quoted number is as
 * good as a plain one.
 *
 * @param entries in the order of the file
 */
record ConfigFile(Path path, Map<String, Entry> entries, List<String> problems) {
  ConfigFile {
    entries = Map.copyOf(entries);
    problems = List.copyOf(problems);
  }

  record Entry(String value, int line) {}

  /**
   * @throws ConfigInvalid when there is no such file, or it is no YAML
   */
  static ConfigFile read(Path path) {
    try (var parser = new YAMLFactory().createParser(Files.readString(path))) {
      return new Reader(path, parser).read();
    } catch (NoSuchFileException e) {
      throw new ConfigInvalid("%s: no such file".formatted(path), e);
    } catch (JsonProcessingException e) {
      var location = e.getLocation();
      var line = location == null ? 0 : location.getLineNr();
      throw new ConfigInvalid(
          "%s:%d: not YAML: %s"
              .formatted(path, line, e.getOriginalMessage().lines().findFirst().orElse("")),
          e);
    } catch (IOException e) {
      throw new ConfigInvalid("%s: cannot be read: %s".formatted(path, e), e);
    }
  }

  /** Walks through the file once, keeping the path of keys. */
  private static final class Reader {
    private final Path path;
    private final JsonParser parser;
    private final Deque<String> keys = new ArrayDeque<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    Reader(Path path, JsonParser parser) {
      this.path = path;
      this.parser = parser;
    }

    ConfigFile read() throws IOException {
      var token = parser.nextToken();
      if (token != null && token != JsonToken.VALUE_NULL) {
        if (token == JsonToken.START_OBJECT) {
          readObject();
        } else {
          problems.add("%s: %s (expected: keys and values)".formatted(where(), parser.getText()));
        }
      }
      return new ConfigFile(path, entries, problems);
    }

    private void readObject() throws IOException {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        keys.addLast(parser.currentName());
        readValue(parser.nextToken());
        keys.removeLast();
      }
    }

    private void readValue(JsonToken token) throws IOException {
      if (token == JsonToken.START_OBJECT) {
        readObject();
      } else if (token == JsonToken.START_ARRAY) {
        problems.add("%s: %s: a list (expected: one value)".formatted(where(), key()));
        parser.skipChildren();
      } else {
        var text = token == JsonToken.VALUE_NULL ? "" : parser.getText();
        if (entries.put(key(), new Entry(text, line())) != null) {
          problems.add("%s: %s: stands here for the second time".formatted(where(), key()));
        }
      }
    }

    private String key() {
      return String.join(".", keys);
    }

    private int line() {
      return parser.currentTokenLocation().getLineNr();
    }

    private String where() {
      return path + ":" + line();
    }
  }
}
