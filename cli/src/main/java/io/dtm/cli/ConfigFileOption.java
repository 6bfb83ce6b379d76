package io.dtm.cli;

import io.dtm.server.app.EffectiveSettings;
import io.dtm.server.app.SettingsLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names the configuration file, for every command that reads one. */
final class ConfigFileOption {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration in YAML. Environment variables win over it.")
  private @Nullable Path file;

  /** The file, if one was named. */
  Optional<Path> path() {
    return Optional.ofNullable(file);
  }

  /**
   * @throws io.dtm.server.app.ConfigInvalid when it cannot be used
   */
  EffectiveSettings load(Map<String, String> environment) {
    return SettingsLoader.load(path(), environment);
  }
}
