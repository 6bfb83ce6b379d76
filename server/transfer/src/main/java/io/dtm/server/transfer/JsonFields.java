package io.dtm.server.transfer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The members of a JSON object. One that is not there, or is null, has the value that means
 * nothing; one of the wrong kind is an {@link IllegalArgumentException} that says so. Immutable.
 *
 * @param name of the object, for messages
 */
record JsonFields(String name, JsonNode object) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  JsonFields {
    if (!object.isObject()) {
      throw wrong(name, object, "an object");
    }
  }

  /** The document of a text; an object without members when there is none. */
  static JsonFields of(String name, String text) {
    if (text.isEmpty() || text.equals("null")) {
      return new JsonFields(name, MAPPER.createObjectNode());
    }
    return new JsonFields(name, document(name, text));
  }

  static JsonNode document(String name, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "%s: no JSON (%s)".formatted(name, e.getOriginalMessage()), e);
    }
  }

  /** Null when it is not there. */
  @Nullable JsonNode find(String field) {
    var value = object.get(field);
    return value == null || value.isNull() ? null : value;
  }

  String text(String field) {
    var value = find(field);
    if (value == null) {
      return "";
    }
    if (!value.isTextual()) {
      throw wrong(named(field), value, "a text");
    }
    return value.textValue();
  }

  boolean flag(String field) {
    var value = find(field);
    if (value == null) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(named(field), value, "true or false");
    }
    return value.booleanValue();
  }

  /** A whole number from 0 to {@link Integer#MAX_VALUE}. */
  int count(String field) {
    var value = find(field);
    return value == null ? 0 : count(named(field), value);
  }

  static int count(String name, JsonNode value) {
    if (!value.canConvertToInt() || !value.isIntegralNumber() || value.intValue() < 0) {
      throw wrong(name, value, "a whole number from 0 to " + Integer.MAX_VALUE);
    }
    return value.intValue();
  }

  Map<String, String> texts(String field) {
    var value = find(field);
    if (value == null) {
      return Map.of();
    }
    var texts = new LinkedHashMap<String, String>();
    var members = new JsonFields(named(field), value);
    members.object().fieldNames().forEachRemaining(key -> texts.put(key, members.text(key)));
    return texts;
  }

  static List<JsonNode> list(String name, JsonNode value) {
    if (!value.isArray()) {
      throw wrong(name, value, "a list");
    }
    var elements = new ArrayList<JsonNode>();
    value.forEach(elements::add);
    return elements;
  }

  private String named(String field) {
    return name.isEmpty() ? field : name + "." + field;
  }

  private static IllegalArgumentException wrong(String name, JsonNode value, String expected) {
    return new IllegalArgumentException("%s: %s (expected: %s)".formatted(name, value, expected));
  }
}
