package io.dtm.server.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps what network libraries have to say to a few lines in a second. They log each malformed
 * frame and each broken connection with its stack trace, so that a stranger could fill the disk.
 * Thread-safe.
 */
final class LibraryLines extends TurboFilter {
  private static final int LINES_MAX = 5;
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final List<String> LIBRARIES = List.of("io.helidon.", "io.grpc.", "io.netty.");

  private final InstantSource clock;
  private long periodBegan;
  private int lines;
  private long leftOut;

  LibraryLines(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable thrown) {
    // Without a text somebody only asks whether it would be logged.
    if (format == null
        || !level.isGreaterOrEqual(Level.WARN)
        || LIBRARIES.stream().noneMatch(logger.getName()::startsWith)) {
      return FilterReply.NEUTRAL;
    }
    return isWithinLimit() ? FilterReply.NEUTRAL : FilterReply.DENY;
  }

  private synchronized boolean isWithinLimit() {
    long now = clock.millis();
    if (Math.abs(now - periodBegan) >= PERIOD.toMillis()) {
      periodBegan = now;
      lines = 0;
    }
    lines++;
    if (lines > LINES_MAX) {
      leftOut++;
      return false;
    }
    return true;
  }

  /** How many lines were left out so far. */
  synchronized long leftOut() {
    return leftOut;
  }
}
