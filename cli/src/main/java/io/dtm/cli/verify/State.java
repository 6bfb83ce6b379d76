package io.dtm.cli.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a participant's state looks like, as one value for each place in its JSON.
 *
 * @param values by JSON pointer; an array's length counts as a value of it
 */
record State(Map<String, JsonNode> values) {

  static State of(JsonNode json) {
    var values = new TreeMap<String, JsonNode>();
    collect("", json, values);
    return new State(values);
  }

  private static void collect(String place, JsonNode json, Map<String, JsonNode> values) {
    if (json.isObject()) {
      json.properties()
          .forEach(member -> collect(place + "/" + member.getKey(), member.getValue(), values));
    } else if (json.isArray()) {
      values.put(place + "/length", IntNode.valueOf(json.size()));
      for (int i = 0; i < json.size(); i++) {
        collect(place + "/" + i, json.get(i), values);
      }
    } else {
      values.put(place, json);
    }
  }

  /** What has changed since then, by place: {@code +30} of a number, else {@code "a" to "b"}. */
  Map<String, String> changesSince(State before) {
    var changes = new TreeMap<String, String>();
    var places = new TreeSet<>(values.keySet());
    places.addAll(before.values.keySet());
    for (var place : places) {
      var change = change(before.values.get(place), values.get(place));
      if (!change.isEmpty()) {
        changes.put(place, change);
      }
    }
    return changes;
  }

  private static String change(@Nullable JsonNode from, @Nullable JsonNode to) {
    if (from != null && to != null && from.isNumber() && to.isNumber()) {
      return signed(to.decimalValue().subtract(from.decimalValue()));
    }
    return Objects.equals(from, to) ? "" : "%s to %s".formatted(shown(from), shown(to));
  }

  private static String shown(@Nullable JsonNode value) {
    return value == null ? "nothing" : value.toString();
  }

  private static String signed(BigDecimal number) {
    var plain = number.stripTrailingZeros().toPlainString();
    return switch (number.signum()) {
      case 0 -> "";
      case 1 -> "+" + plain;
      default -> plain;
    };
  }
}
