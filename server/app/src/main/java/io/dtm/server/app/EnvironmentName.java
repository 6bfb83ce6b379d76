package io.dtm.server.app;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The rule that makes the name of an environment variable from a key: {@code Store.MaxOpenConns} is
 * {@code STORE_MAX_OPEN_CONNS}, {@code Log.RotationConfigJSON} is {@code LOG_ROTATION_CONFIG_JSON}.
 */
final class EnvironmentName {
  private static final Pattern WORD_AFTER_LOWER_CASE = Pattern.compile("([a-z])([A-Z])");
  private static final Pattern WORD_AFTER_CAPITALS = Pattern.compile("([A-Z])([A-Z][a-z])");

  private EnvironmentName() {}

  static String of(String key) {
    var words = WORD_AFTER_LOWER_CASE.matcher(key.replace('.', '_')).replaceAll("$1_$2");
    return WORD_AFTER_CAPITALS.matcher(words).replaceAll("$1_$2").toUpperCase(Locale.ROOT);
  }
}
