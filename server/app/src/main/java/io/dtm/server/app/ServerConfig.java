package io.dtm.server.app;

import io.dtm.server.api.HttpEdgeConfig;
import io.dtm.server.api.grpc.GrpcEdgeConfig;
import io.dtm.server.branch.AlertConfig;
import io.dtm.server.branch.DestinationLimits;
import io.dtm.server.branch.ProxyRules;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.engine.EngineConfig;
import io.dtm.server.engine.RetryPolicies;
import io.dtm.server.stores.StoreConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a server needs to know, a part for each of its components.
 *
 * @param bytesInWorkMax {@code MaxBytesInWork}: half of it for requests and answers, half for
 *     transactions
 * @param topicRefresh how old a look at the subscribers of a topic may be
 * @param drainTimeout how long running work may take to come to rest when the server is stopped
 */
public record ServerConfig(
    HttpEdgeConfig http,
    GrpcEdgeConfig grpc,
    EngineSettings engine,
    BranchConfig branch,
    AlertConfig alert,
    StoreConfig store,
    LogConfig log,
    long bytesInWorkMax,
    Duration topicRefresh,
    Duration drainTimeout) {
  private static final String IN_CONTAINER = "IS_DOCKER";

  public ServerConfig {
    if (bytesInWorkMax < 2) {
      throw new IllegalArgumentException(
          "bytesInWorkMax: %d (expected: >= 2)".formatted(bytesInWorkMax));
    }
    if (drainTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "drainTimeout: %s (expected: >= 0)".formatted(drainTimeout));
    }
  }

  /**
   * Makes the configuration out of the settings.
   *
   * @param environment for what is no setting: proxies, and {@code IS_DOCKER}
   * @throws ConfigInvalid when settings do not go together
   */
  public static ServerConfig from(EffectiveSettings settings, Map<String, String> environment) {
    return new Reader(settings, environment).read();
  }

  /**
   * Reads part after part and collects what is wrong, so that the operator hears of all of it at
   * once.
   */
  private static final class Reader {
    private final EffectiveSettings settings;
    private final Map<String, String> environment;
    private final Capacity capacity = Capacity.ofThisProcess();
    private final List<String> problems = new ArrayList<>();

    Reader(EffectiveSettings settings, Map<String, String> environment) {
      this.settings = settings;
      this.environment = environment;
    }

    ServerConfig read() {
      var storeSettings = new StoreSettings(settings);
      var http = part(this::http, Settings.TIME_ZONE_OFFSET);
      var engine =
          part(
              this::engine,
              Settings.RETRY_INTERVAL,
              Settings.TIMEOUT_TO_FAIL,
              Settings.RETRY_INTERVAL_MAX,
              Settings.RETRY_DESTINATIONS);
      var branch = part(this::branch);
      var alert = part(this::alert, Settings.ALERT_WEB_HOOK);
      var store =
          part(
              storeSettings::store,
              Settings.STORE_DRIVER,
              Settings.STORE_HOST,
              Settings.STORE_DATA_DIR);
      var log = part(this::log, Settings.LOG_OUTPUTS);
      if (http == null
          || engine == null
          || branch == null
          || alert == null
          || store == null
          || log == null) {
        throw new ConfigInvalid(problems);
      }
      return new ServerConfig(
          http,
          grpc(),
          engine.withStore(storeSettings.retention(store), storeSettings.writers(store)),
          branch,
          alert,
          store,
          log,
          capacity.bytesInWork(settings.number(Settings.MAX_BYTES_IN_WORK)),
          settings.seconds(Settings.CONFIG_UPDATE_INTERVAL),
          settings.seconds(Settings.DRAIN_TIMEOUT));
    }

    /**
     * @param involved the settings that a message about the part may be about
     */
    private <T> @Nullable T part(Supplier<T> source, Setting... involved) {
      try {
        return source.get();
      } catch (IllegalArgumentException e) {
        var values = Arrays.stream(involved).map(settings::describe).toList();
        problems.add(
            values.isEmpty()
                ? String.valueOf(e.getMessage())
                : "%s; %s".formatted(e.getMessage(), String.join(", ", values)));
        return null;
      }
    }

    private HttpEdgeConfig http() {
      return new HttpEdgeConfig(
          settings.number(Settings.HTTP_PORT),
          settings.text(Settings.BIND_HOST),
          Version.current(),
          zone(),
          settings.seconds(Settings.TIMEOUT_TO_FAIL),
          settings.number(Settings.MAX_BODY_BYTES),
          settings.number(Settings.MAX_STEPS),
          settings.number(Settings.MAX_LIST_LIMIT),
          capacity.connections(settings.number(Settings.MAX_CONNECTIONS)),
          settings.number(Settings.MAX_CONCURRENT_REQUESTS),
          settings.seconds(Settings.TRANSFER_TIMEOUT),
          settings.seconds(Settings.IDLE_TIMEOUT));
    }

    private GrpcEdgeConfig grpc() {
      var defaults = GrpcEdgeConfig.defaults();
      return new GrpcEdgeConfig(
          settings.number(Settings.GRPC_PORT),
          settings.text(Settings.BIND_HOST),
          settings.number(Settings.MAX_GRPC_MESSAGE_BYTES),
          settings.number(Settings.MAX_STEPS),
          capacity.connections(settings.number(Settings.MAX_CONNECTIONS)),
          defaults.callsPerConnectionMax(),
          settings.number(Settings.MAX_CONCURRENT_REQUESTS),
          settings.seconds(Settings.TRANSFER_TIMEOUT),
          defaults.idleTimeout(),
          defaults.keepAliveTime(),
          defaults.keepAliveTimeout(),
          defaults.keepAliveMin());
    }

    private ZoneId zone() {
      var hours = settings.text(Settings.TIME_ZONE_OFFSET);
      if (hours.isEmpty()) {
        return ZoneId.systemDefault();
      }
      try {
        return ZoneOffset.ofHours(Integer.parseInt(hours));
      } catch (NumberFormatException | DateTimeException e) {
        throw new IllegalArgumentException("not an offset (expected: -18 to +18, such as +8)", e);
      }
    }

    private EngineSettings engine() {
      return new EngineSettings(
          settings.seconds(Settings.RETRY_INTERVAL),
          settings.seconds(Settings.RETRY_INTERVAL_MAX),
          settings.seconds(Settings.TIMEOUT_TO_FAIL),
          settings.seconds(Settings.REQUEST_TIMEOUT),
          settings.seconds(Settings.TRANS_CRON_INTERVAL),
          settings.number(Settings.MAX_RUNNING_SUBMISSIONS),
          settings.number(Settings.MAX_RUNNING_RETRIES),
          EngineConfig.defaults().retention(),
          EngineConfig.defaults().writers(),
          new RetryPolicies(
              new RetryPolicy(
                  Duration.ZERO,
                  settings.number(Settings.RETRY_FACTOR),
                  Duration.ZERO,
                  settings.number(Settings.RETRY_MAX_ATTEMPTS),
                  settings.seconds(Settings.RETRY_MAX_AGE)),
              DestinationPolicies.parse(settings.text(Settings.RETRY_DESTINATIONS))));
    }

    private BranchConfig branch() {
      return new BranchConfig(
          new DestinationLimits(
              settings.number(Settings.MAX_CALLS_PER_DESTINATION),
              settings.number(Settings.MAX_WAITING_CALLS_PER_DESTINATION),
              settings.number(Settings.MAX_DESTINATIONS),
              settings.number(Settings.MAX_FAILURES_PER_DESTINATION),
              settings.seconds(Settings.PROBE_INTERVAL),
              settings.number(Settings.MAX_WAITING_TRANSACTIONS)),
          ProxyRules.fromEnvironment(environment),
          !environment.getOrDefault(IN_CONTAINER, "").isEmpty());
    }

    private AlertConfig alert() {
      return new AlertConfig(
          webHook(),
          settings.number(Settings.ALERT_RETRY_LIMIT),
          settings.seconds(Settings.REQUEST_TIMEOUT));
    }

    private Optional<URI> webHook() {
      var url = settings.text(Settings.ALERT_WEB_HOOK);
      try {
        return url.isEmpty() ? Optional.empty() : Optional.of(new URI(url));
      } catch (URISyntaxException e) {
        // Its message would repeat the address, which often holds a secret.
        throw new IllegalArgumentException("not a URL (expected: http:// or https://)", e);
      }
    }

    private static Path path(String text) {
      try {
        return Path.of(text);
      } catch (InvalidPathException e) {
        throw new IllegalArgumentException("not a path: " + e.getReason(), e);
      }
    }

    private LogConfig log() {
      var outputs =
          Arrays.stream(settings.text(Settings.LOG_OUTPUTS).split(",", -1))
              .map(String::strip)
              .filter(output -> !output.isEmpty())
              .toList();
      outputs.forEach(Reader::path);
      return new LogConfig(settings.text(Settings.LOG_LEVEL), outputs);
    }
  }
}
