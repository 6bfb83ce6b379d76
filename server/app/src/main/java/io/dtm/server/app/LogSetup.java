package io.dtm.server.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;

/**
 * Sets up the log before its first use, unless an operator names a file of its own with {@code
 * -Dlogback.configurationFile}. In code, because reading XML would take a third of the server's
 * start.
 *
 * <p>Lines are written by threads of their own: when the reader of the log stalls, lines are lost,
 * but nobody waits.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  /** Lines that may wait to be written. */
  private static final int WAITING_MAX = 8_192;

  /**
   * Messages and stack traces lose their line ends, so that a participant cannot forge lines of the
   * log.
   */
  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{0} -"
          + " %replace(%msg){'[\\r\\n]+', ' | '}"
          + "%replace(%replace(%ex{20}){'[\\r\\n\\t ]+', ' '}){'^(?=.)', ' | '}%n";

  private static final String OPERATORS_FILE = "logback.configurationFile";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (isLeftToOperator()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    level(context, "io.helidon", Level.WARN);
    level(context, "org.apache.hc", Level.WARN);
    // Says at length that a port is taken; so do we, in one line.
    level(context, "io.helidon.webserver.LoomServer", Level.OFF);
    // Both tell their life in INFO; what goes wrong our stores say themselves.
    level(context, "com.zaxxer.hikari", Level.WARN);
    level(context, "org.mongodb.driver", Level.WARN);
    // One line, some with a stack trace, for each connection of the pool that is lost; the store's
    // caller says the same in one.
    level(context, "com.zaxxer.hikari.pool.ProxyConnection", Level.OFF);
    level(context, "com.zaxxer.hikari.pool.PoolBase", Level.ERROR);
    level(context, Logger.ROOT_LOGGER_NAME, Level.INFO);
    context.addTurboFilter(new LibraryLines(InstantSource.system()));
    write(context, LogConfig.defaults().outputs());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  static boolean isLeftToOperator() {
    return System.getProperty(OPERATORS_FILE) != null;
  }

  static void level(LoggerContext context, String logger, Level level) {
    context.getLogger(logger).setLevel(level);
  }

  /**
   * Has the log written to these outputs, and to no other.
   *
   * @throws ServerStartFailed when a file cannot be written
   */
  static void write(LoggerContext context, List<String> outputs) {
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    outputs.forEach(output -> root.addAppender(appender(context, output)));
  }

  private static AsyncAppender appender(LoggerContext context, String output) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.start();
    var target = target(output);
    target.setContext(context);
    target.setName(output);
    target.setEncoder(encoder);
    target.start();
    if (!target.isStarted()) {
      throw new ServerStartFailed(
          "log file %s: cannot be written (set Log.Outputs or LOG_OUTPUTS)".formatted(output));
    }
    var async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(WAITING_MAX);
    async.setDiscardingThreshold(0);
    async.setNeverBlock(true);
    async.addAppender(target);
    async.start();
    return async;
  }

  private static OutputStreamAppender<ILoggingEvent> target(String output) {
    if (output.equals(LogConfig.STDOUT) || output.equals(LogConfig.STDERR)) {
      var console = new ConsoleAppender<ILoggingEvent>();
      console.setTarget(output.equals(LogConfig.STDOUT) ? "System.out" : "System.err");
      return console;
    }
    var file = new FileAppender<ILoggingEvent>();
    file.setFile(output);
    return file;
  }
}
