package io.dtm.spring.boot;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/**
 * Where managers and participants reach this application. Known only once its web server listens,
 * so it is asked for late. Thread-safe.
 */
public final class ApplicationAddress {
  private static final Pattern ON_THIS_MACHINE =
      Pattern.compile("(https?://)?(127(\\.\\d+){3}|localhost|\\[::1])(:\\d+)?(/.*)?");

  private final DtmProperties properties;
  private final Environment environment;

  public ApplicationAddress(DtmProperties properties, Environment environment) {
    this.properties = requireNonNull(properties, "properties");
    this.environment = requireNonNull(environment, "environment");
  }

  /**
   * The base URL, such as {@code http://10.0.0.7:8080}, without a slash at its end.
   *
   * @throws IllegalStateException when it is not configured, and a manager on another machine could
   *     not use the address that this one has for itself
   */
  public String baseUrl() {
    var configured = properties.baseUrl();
    if (configured != null) {
      return configured;
    }
    var port = environment.getProperty("local.server.port");
    if (port == null || !areManagersOnThisMachine()) {
      throw new IllegalStateException(
          "dtm.base-url: missing (expected: where the managers at %s reach this application)"
              .formatted(properties.servers()));
    }
    return "http://127.0.0.1:" + port + environment.getProperty("server.servlet.context-path", "");
  }

  /** The name by which others look this application up; empty when it has none. */
  public String serviceName() {
    return environment.getProperty("spring.application.name", "");
  }

  private boolean areManagersOnThisMachine() {
    return properties.servers().stream()
        .allMatch(server -> ON_THIS_MACHINE.matcher(server).matches());
  }
}
