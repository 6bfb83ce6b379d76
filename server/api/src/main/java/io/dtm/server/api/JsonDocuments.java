package io.dtm.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;

/**
 * Opens JSON from strangers, within limits, and tells them where it breaks. Thread-safe. Everything
 * is read token by token instead of with data binding because it is the hottest code of the edge,
 * and so that every complaint can name the field.
 */
final class JsonDocuments {
  /** Nothing that we read is deeper than 6; the rest is for members that we skip. */
  private static final int NESTING_MAX = 64;

  private static final int NUMBER_LENGTH_MAX = 100;

  private final JsonFactory json;

  JsonDocuments(int bodyBytesMax) {
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(NESTING_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .maxStringLength(bodyBytesMax)
            .build();
    this.json =
        JsonFactory.builder()
            .streamReadConstraints(constraints)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers
            .build();
  }

  /** Reads a document from its first token on. */
  @FunctionalInterface
  interface Reading<T> {
    T read(JsonInput input) throws IOException;
  }

  /**
   * @param field what to call the document in complaints
   * @throws InvalidRequest when it is malformed, or {@code reading} says so
   */
  <T> T read(String field, byte[] document, Reading<T> reading) {
    try (var parser = json.createParser(document)) {
      return read(parser, reading);
    } catch (IOException e) {
      throw malformed(field, e);
    }
  }

  /** As {@link #read(String, byte[], Reading)}. */
  <T> T read(String field, String document, Reading<T> reading) {
    try (var parser = json.createParser(document)) {
      return read(parser, reading);
    } catch (IOException e) {
      throw malformed(field, e);
    }
  }

  /** As {@link #read(String, byte[], Reading)}. */
  <T> T read(String field, TokenBuffer document, Reading<T> reading) {
    try (var parser = document.asParser(json.streamReadConstraints())) {
      return read(parser, reading);
    } catch (IOException e) {
      throw malformed(field, e);
    }
  }

  private static <T> T read(JsonParser parser, Reading<T> reading) throws IOException {
    return reading.read(new JsonInput(parser));
  }

  private static InvalidRequest malformed(String field, IOException e) {
    if (e instanceof JsonProcessingException json) {
      var at = json.getLocation();
      var expected =
          at == null
              ? "well-formed JSON"
              : "well-formed JSON; this breaks at line %d, column %d"
                  .formatted(at.getLineNr(), at.getColumnNr());
      return InvalidRequest.of(field, json.getOriginalMessage(), expected);
    }
    return InvalidRequest.of(field, String.valueOf(e.getMessage()), "well-formed JSON in UTF-8");
  }
}
