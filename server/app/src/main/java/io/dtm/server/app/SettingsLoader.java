package io.dtm.server.app;

import io.dtm.server.app.EffectiveSettings.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the value of every setting: the environment wins over the file, the file over the default.
 * An empty variable counts as unset, an empty value in the file as the default.
 */
public final class SettingsLoader {
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private SettingsLoader(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * Reads file and environment.
   *
   * @throws ConfigInvalid naming every unknown key and every value that does not fit
   */
  public static EffectiveSettings load(Optional<Path> file, Map<String, String> environment) {
    return new SettingsLoader(environment).load(file.map(ConfigFile::read));
  }

  private EffectiveSettings load(Optional<ConfigFile> file) {
    file.ifPresent(this::checkKeys);
    var values = new HashMap<Setting, Value>();
    for (var setting : Settings.all()) {
      var value = valueOf(setting, file);
      check(setting, value);
      values.put(setting, value);
    }
    if (!problems.isEmpty()) {
      throw new ConfigInvalid(problems);
    }
    return new EffectiveSettings(values, warnings);
  }

  private void checkKeys(ConfigFile file) {
    problems.addAll(file.problems());
    file.entries().entrySet().stream()
        .filter(entry -> !isKnown(entry.getKey(), entry.getValue().value()))
        .sorted(Comparator.comparingInt(entry -> entry.getValue().line()))
        .forEach(entry -> problems.add(unknown(file, entry.getKey(), entry.getValue().line())));
  }

  /** A section of which everything is commented out reads like a key without value. */
  private static boolean isKnown(String key, String value) {
    return Settings.find(key).isPresent()
        || (value.isEmpty()
            && Settings.all().stream().anyMatch(s -> s.key().startsWith(key + ".")));
  }

  private static String unknown(ConfigFile file, String key, int line) {
    var hint = NearestKey.to(key).map(near -> "; did you mean " + near + "?").orElse("");
    return "%s:%d: %s: unknown key%s".formatted(file.path(), line, key, hint);
  }

  private Value valueOf(Setting setting, Optional<ConfigFile> file) {
    var name = setting.environmentName();
    var variable = environment.getOrDefault(name, "");
    if (!variable.isEmpty()) {
      return new Value(variable.strip(), new Origin.Variable(name));
    }
    return file.flatMap(f -> Optional.ofNullable(f.entries().get(setting.key())).map(e -> of(f, e)))
        .filter(value -> !value.text().isEmpty())
        .orElseGet(() -> new Value(setting.defaultValue(), new Origin.Default()));
  }

  private static Value of(ConfigFile file, ConfigFile.Entry entry) {
    return new Value(entry.value().strip(), new Origin.Line(file.path(), entry.line()));
  }

  private void check(Setting setting, Value value) {
    if (value.origin() instanceof Origin.Default) {
      return;
    }
    if (!setting.type().accepts(value.text())) {
      problems.add(
          "%s: %s (expected: %s), from %s"
              .formatted(
                  setting.key(),
                  setting.isSecret() ? "***" : value.text(),
                  setting.type().expected(),
                  value.origin().describe()));
    } else if (!setting.hasEffect()) {
      warnings.add(
          "%s has no effect: %s (set by %s)"
              .formatted(setting.key(), setting.description(), value.origin().describe()));
    }
  }
}
