package io.dtm.server.api.grpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.dtm.protocol.Keys;
import io.dtm.protocol.SagaDataJson;
import io.dtm.protocol.StepJson;
import io.dtm.server.core.Payload;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON texts inside of requests, and forgives what clients are known to send: null for
 * anything, an empty list for an empty object (PHP), whole numbers written as 3.0 or "3", member
 * names in another case. Types are checked here, meaning is not. Thread-safe.
 */
final class JsonTexts {
  /** Nothing that we read is deeper than 3; the rest is for members that we skip. */
  private static final int NESTING_MAX = 64;

  private static final int NUMBER_LENGTH_MAX = 100;

  /** In a message's custom data: seconds before its actions are called. */
  private static final String DELAY = "delay";

  /** In a workflow's custom data: which function. */
  private static final String NAME = "name";

  private final ObjectMapper json;
  private final int stepsMax;

  JsonTexts(int messageBytesMax, int stepsMax) {
    var constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(NESTING_MAX)
            .maxNumberLength(NUMBER_LENGTH_MAX)
            .maxStringLength(messageBytesMax)
            .build();
    this.json =
        JsonMapper.builder(
                JsonFactory.builder()
                    .streamReadConstraints(constraints)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // names come from strangers
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    this.stepsMax = stepsMax;
  }

  /** What a workflow's custom data say. */
  record WorkflowCustomData(String name, Payload data) {}

  /** An empty text stands for no steps. */
  List<StepJson> steps(String text) {
    var list = read(Fields.STEPS, text);
    if (isNothing(list)) {
      return List.of();
    }
    if (!list.isArray()) {
      throw wrongType(Fields.STEPS, list, "a list of objects");
    }
    if (list.size() > stepsMax) {
      throw InvalidRequest.of(Fields.STEPS, list.size() + " steps", "at most " + stepsMax);
    }
    var steps = new ArrayList<StepJson>(list.size());
    for (var step : list) {
      steps.add(step(Fields.STEPS + "[" + steps.size() + "]", step));
    }
    return steps;
  }

  private static StepJson step(String field, JsonNode step) {
    var members = members(field, step);
    return new StepJson(
        text(field, Keys.ACTION, members),
        text(field, Keys.COMPENSATE, members),
        text(field, Keys.DATA, members));
  }

  /** An empty text stands for the defaults. */
  SagaDataJson saga(String text) {
    var members = members(Fields.CUSTOM_DATA, read(Fields.CUSTOM_DATA, text));
    return new SagaDataJson(
        orders(member(Keys.ORDERS, members)), flag(member(Keys.CONCURRENT, members)));
  }

  private static boolean flag(JsonNode node) {
    if (!isNothing(node) && !node.isBoolean()) {
      throw wrongType(field(Keys.CONCURRENT), node, "true or false");
    }
    return node.asBoolean();
  }

  private static Map<Integer, List<Integer>> orders(JsonNode node) {
    var field = field(Keys.ORDERS);
    var orders = new LinkedHashMap<Integer, List<Integer>>();
    if (node.isArray()) { // PHP makes a list of a map whose keys happen to be 0, 1, 2, …
      for (int i = 0; i < node.size(); i++) {
        orders.put(i, predecessors(field + "[" + i + "]", node.get(i)));
      }
      return orders;
    }
    members(field, node)
        .forEach((key, list) -> orders.put(index(key), predecessors(field + "." + key, list)));
    return orders;
  }

  private static List<Integer> predecessors(String field, JsonNode list) {
    if (isNothing(list)) {
      return List.of();
    }
    if (!list.isArray()) {
      throw wrongType(field, list, "a list of indexes of steps");
    }
    var indexes = new ArrayList<Integer>(list.size());
    for (var index : list) {
      indexes.add(count(field + "[" + indexes.size() + "]", index));
    }
    return indexes;
  }

  private static int index(String key) {
    try {
      return Integer.parseInt(key);
    } catch (NumberFormatException e) {
      throw InvalidRequest.of(field(Keys.ORDERS), '"' + key + '"', "indexes of steps as keys");
    }
  }

  /** Seconds before a message's actions are called; an empty text stands for none. */
  int messageDelay(String text) {
    var members = members(Fields.CUSTOM_DATA, read(Fields.CUSTOM_DATA, text));
    return count(field(DELAY), member(DELAY, members));
  }

  /**
   * @throws InvalidRequest also when it has no name: such a workflow could never be resumed
   */
  WorkflowCustomData workflow(String text) {
    var members = members(Fields.CUSTOM_DATA, read(Fields.CUSTOM_DATA, text));
    var name = text(Fields.CUSTOM_DATA, NAME, members);
    if (name == null || name.isEmpty()) {
      throw InvalidRequest.of(field(NAME), "", "the workflow's name");
    }
    var data = text(Fields.CUSTOM_DATA, Keys.DATA, members);
    return new WorkflowCustomData(
        Fields.name(field(NAME), name), data == null ? Payload.empty() : decoded(data));
  }

  private static Payload decoded(String base64) {
    try {
      return Payload.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(field(Keys.DATA), base64, "base64");
    }
  }

  private JsonNode read(String field, String text) {
    if (text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return json.readTree(text);
    } catch (JsonProcessingException e) {
      var at = e.getLocation();
      throw InvalidRequest.of(
          field,
          e.getOriginalMessage(),
          at == null
              ? "well-formed JSON"
              : "well-formed JSON; this breaks at line %d, column %d"
                  .formatted(at.getLineNr(), at.getColumnNr()));
    }
  }

  private static Map<String, JsonNode> members(String field, JsonNode object) {
    if (isNothing(object) || (object.isArray() && object.isEmpty())) {
      return Map.of();
    }
    if (!object.isObject()) {
      throw wrongType(field, object, "an object");
    }
    var members = new LinkedHashMap<String, JsonNode>();
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }

  private static JsonNode member(String name, Map<String, JsonNode> members) {
    var exact = members.get(name);
    if (exact != null) {
      return exact;
    }
    return members.entrySet().stream()
        .filter(member -> member.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static @Nullable String text(String field, String name, Map<String, JsonNode> members) {
    var node = member(name, members);
    if (isNothing(node)) {
      return node.isNull() ? "" : null;
    }
    if (!node.isTextual()) {
      throw wrongType(field + "." + name, node, "a string");
    }
    return node.textValue();
  }

  /** A whole number from 0 to {@link Integer#MAX_VALUE}. */
  private static int count(String field, JsonNode node) {
    if (isNothing(node)) {
      return 0;
    }
    try {
      double number = node.isTextual() ? Long.parseLong(node.textValue()) : node.doubleValue();
      boolean isCount =
          (node.isTextual() || node.isNumber())
              && number == Math.rint(number)
              && number >= 0
              && number <= Integer.MAX_VALUE;
      if (isCount) {
        return (int) number;
      }
    } catch (NumberFormatException e) {
      // not even a number: refused like one that is out of range
    }
    throw wrongType(field, node, "a whole number from 0 to " + Integer.MAX_VALUE);
  }

  private static boolean isNothing(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String field(String member) {
    return Fields.CUSTOM_DATA + "." + member;
  }

  private static InvalidRequest wrongType(String field, JsonNode node, String expected) {
    var value = node.isObject() ? "an object" : node.isArray() ? "a list" : node.toString();
    return InvalidRequest.of(field, value, expected);
  }
}
