package io.dtm.server.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads JSON token by token, and forgives what clients are known to send: null for anything, an
 * empty list for an empty object (PHP), whole numbers written as 3.0 or "3", member names in
 * another case, a member twice (the last one counts). Each method expects the parser to stand on
 * the value's first token and leaves it on the last.
 */
final class JsonInput {
  /** Numbers beyond it have no exact double, so 1e30 is no whole number to us. */
  private static final double EXACT_DOUBLE_MAX = 1L << 53;

  private final JsonParser parser;

  JsonInput(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads the value of one member, the parser standing on it. */
  @FunctionalInterface
  interface MemberReader {
    void read(String name) throws IOException;
  }

  /** Reads one element of a list, the parser standing on it. */
  @FunctionalInterface
  interface ElementReader {
    void read(int index) throws IOException;
  }

  /** Reads a document that is one object, with nothing behind it. */
  void document(String field, MemberReader members) throws IOException {
    begin(field, "a JSON object");
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrongType(field, "a JSON object");
    }
    object(field, members);
    end(field, "one JSON object");
  }

  /** Goes to the first token of a document. */
  void begin(String field, String expected) throws IOException {
    if (parser.nextToken() == null) {
      throw InvalidRequest.of(field, "empty", expected);
    }
  }

  /** Makes sure that nothing stands behind the document. */
  void end(String field, String expected) throws IOException {
    if (parser.nextToken() != null) {
      throw InvalidRequest.of(field, "more text behind the object", expected);
    }
  }

  /** Calls {@code members} with each name in lower case. */
  void object(String field, MemberReader members) throws IOException {
    if (isNullOrEmptyList(field, "an object")) {
      return;
    }
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      members.read(name.toLowerCase(Locale.ROOT));
    }
  }

  void list(String field, ElementReader elements) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrongType(field, "a list");
    }
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      elements.read(i);
    }
  }

  String text(String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NULL -> "";
      default -> throw wrongType(field, "a string");
    };
  }

  List<String> texts(String field) throws IOException {
    var texts = new ArrayList<String>();
    list(field, i -> texts.add(text(field + "[" + i + "]")));
    return texts;
  }

  /** A map of strings; its names keep their case. */
  Map<String, String> textMap(String field) throws IOException {
    if (isNullOrEmptyList(field, "an object of strings")) {
      return Map.of();
    }
    var map = new LinkedHashMap<String, String>();
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      map.put(name, text(field + "." + name));
    }
    return map;
  }

  boolean flag(String field) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default -> throw wrongType(field, "true or false");
    };
  }

  /** A whole number from 0 to {@link Integer#MAX_VALUE}. */
  int count(String field) throws IOException {
    return count(field, Integer.MAX_VALUE);
  }

  /** A whole number from 0 to {@code max}. */
  int count(String field, int max) throws IOException {
    var expected = "a whole number from 0 to " + max;
    var number =
        switch (parser.currentToken()) {
          case VALUE_NULL -> 0;
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> wholeNumber(parser.getDoubleValue());
          case VALUE_STRING -> wholeNumber(parser.getText());
          default -> throw wrongType(field, expected);
        };
    if (number < 0 || number > max) {
      throw wrongType(field, expected);
    }
    return (int) number;
  }

  /** A copy of a value that is to be read later. */
  TokenBuffer copy() throws IOException {
    var copy = new TokenBuffer(parser);
    copy.copyCurrentStructure(parser);
    return copy;
  }

  boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  boolean isText() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  boolean isList() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Leaves out a value that means nothing to us, whatever it is. */
  void skip() throws IOException {
    parser.skipChildren();
  }

  private boolean isNullOrEmptyList(String field, String expected) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> false;
      case VALUE_NULL -> true;
      case START_ARRAY -> {
        if (parser.nextToken() != JsonToken.END_ARRAY) {
          throw InvalidRequest.of(field, "a list", expected);
        }
        yield true;
      }
      default -> throw wrongType(field, expected);
    };
  }

  /** -1 when it is none that we take. */
  private static long wholeNumber(double number) {
    boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT_DOUBLE_MAX;
    return whole ? (long) number : -1;
  }

  private static long wholeNumber(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** The complaint about a value that is none of {@code expected}. */
  InvalidRequest wrongType(String field, String expected) throws IOException {
    var value =
        switch (parser.currentToken()) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "a list";
          case VALUE_STRING -> '"' + parser.getText() + '"';
          default -> parser.getText();
        };
    return InvalidRequest.of(field, value, expected);
  }
}
