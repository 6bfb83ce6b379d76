package io.dtm.server.app;

/**
 * One line of the table of settings.
 *
 * @param key its name in a file, with dots between levels
 * @param defaultValue empty: none
 * @param description one sentence without its full stop
 */
public record Setting(
    String key, SettingType type, String defaultValue, String description, Kind kind) {

  /** How a setting is treated. */
  public enum Kind {
    /** Known to the reference, and in force. */
    SHARED,
    /** Known to the reference, in force, and never to be shown. */
    SHARED_SECRET,
    /** Ours alone. */
    OWN,
    /** Ours alone, and never to be shown. */
    OWN_SECRET,
    /** Known to the reference, accepted so that its files work, and without any effect here. */
    WITHOUT_EFFECT
  }

  /** The environment variable that sets it. */
  public String environmentName() {
    return EnvironmentName.of(key);
  }

  public boolean isSecret() {
    return kind == Kind.SHARED_SECRET || kind == Kind.OWN_SECRET;
  }

  public boolean hasEffect() {
    return kind != Kind.WITHOUT_EFFECT;
  }

  public boolean isOwn() {
    return kind == Kind.OWN || kind == Kind.OWN_SECRET;
  }
}
