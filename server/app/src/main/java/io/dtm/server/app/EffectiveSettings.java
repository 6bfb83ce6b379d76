package io.dtm.server.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The value of every setting and where it came from, plus what the operator should know about them.
 */
public record EffectiveSettings(Map<Setting, Value> values, List<String> warnings) {
  private static final String MASK = "***";

  public EffectiveSettings {
    values = Map.copyOf(values);
    warnings = List.copyOf(warnings);
  }

  /** One value. Its text fits the setting's type. */
  public record Value(String text, Origin origin) {}

  public Value value(Setting setting) {
    var value = values.get(setting);
    if (value == null) {
      throw new IllegalArgumentException(setting.key() + ": not in the table");
    }
    return value;
  }

  String text(Setting setting) {
    return value(setting).text();
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  Duration seconds(Setting setting) {
    return Duration.ofSeconds(number(setting));
  }

  /** Where the value came from, after its name and the value itself: for messages about it. */
  String describe(Setting setting) {
    return "%s: %s (from %s)"
        .formatted(setting.key(), shown(setting), value(setting).origin().describe());
  }

  /** The value as it may be shown to anybody. */
  public String shown(Setting setting) {
    var text = text(setting);
    return setting.isSecret() && !text.isEmpty() ? MASK : text;
  }
}
