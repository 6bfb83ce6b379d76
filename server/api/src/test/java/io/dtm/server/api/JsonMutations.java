package io.dtm.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Writes a JSON document with a few things wrong in it: values of other types and sizes, members
 * that are missing, twice there or named differently, and texts that end too early. What comes out
 * depends on the source of randomness alone.
 */
final class JsonMutations {
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "[]",
          "{}",
          "[[[]]]",
          "\"\"",
          "\" \"",
          "0",
          "-1",
          "-0",
          "1.5",
          "3.0",
          "\"7\"",
          "1e400",
          "1e-400",
          "2147483648",
          "9223372036854775808",
          "9".repeat(99),
          "9".repeat(2_000),
          "NaN",
          "01",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "\"\uFEFF\"",
          "\"\u202E\u0301😀\"",
          "\"\r\n\"",
          "\"\\x\"",
          "\"saga\"",
          "\"topic://\"",
          "\"http://\"",
          "\"http://h:99999/\"",
          "\"javascript:alert(1)\"",
          "\"h:1/a.B/C\"",
          "\"{\\\"orders\\\":{\\\"0\\\":[0]},\\\"concurrent\\\":true}\"",
          "\"{\\\"orders\\\":{\\\"1\\\":[0],\\\"0\\\":[1]}}\"",
          "\"{\\\"delay\\\":-1}\"",
          "\"" + "g".repeat(300) + "\"",
          "\"" + "%00".repeat(50) + "\"",
          "[".repeat(70) + "]".repeat(70),
          "{\"a\":".repeat(70) + "1" + "}".repeat(70));

  private final Random random;
  private final StringBuilder out = new StringBuilder();

  /** One in so many values and members is changed. */
  private final int rarity;

  private JsonMutations(Random random) {
    this.random = random;
    this.rarity = 2 + random.nextInt(12);
  }

  static String of(JsonNode document, Random random) {
    var mutations = new JsonMutations(random);
    mutations.value(document);
    return mutations.random.nextInt(12) == 0 ? mutations.cut() : mutations.out.toString();
  }

  private void value(JsonNode node) {
    if (random.nextInt(rarity) == 0) {
      out.append(VALUES.get(random.nextInt(VALUES.size())));
    } else if (node.isObject()) {
      object(node);
    } else if (node.isArray()) {
      list(node);
    } else {
      out.append(node);
    }
  }

  private void object(JsonNode node) {
    out.append('{');
    var separator = "";
    for (var member : node.properties()) {
      for (int times = times(); times > 0; times--) {
        out.append(separator).append('"').append(name(member.getKey())).append("\":");
        value(member.getValue());
        separator = ",";
      }
    }
    out.append('}');
  }

  private void list(JsonNode node) {
    out.append('[');
    var separator = "";
    for (var element : node) {
      for (int times = times(); times > 0; times--) {
        out.append(separator);
        value(element);
        separator = ",";
      }
    }
    out.append(']');
  }

  /** Usually once. */
  private int times() {
    return random.nextInt(rarity) > 0 ? 1 : random.nextInt(4);
  }

  private String name(String name) {
    if (random.nextInt(2 * rarity) > 0) {
      return name;
    }
    return switch (random.nextInt(4)) {
      case 0 -> name.toUpperCase(Locale.ROOT);
      case 1 -> name + "\\u0000";
      case 2 -> "__proto__";
      default -> "";
    };
  }

  private String cut() {
    return out.substring(0, random.nextInt(out.length() + 1));
  }
}
