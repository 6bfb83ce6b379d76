package io.dtm.server.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of this process. */
public final class Logging {
  private Logging() {}

  /**
   * Sets level and outputs, and takes in what libraries tell the JDK's log. An operator's own
   * {@code logback.xml} keeps its outputs.
   */
  public static void apply(LogConfig config) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    JdkLogBridge.install();
    LogSetup.level(context, Logger.ROOT_LOGGER_NAME, Level.toLevel(config.level()));
    if (!LogSetup.isLeftToOperator() && !config.outputs().equals(LogConfig.defaults().outputs())) {
      LogSetup.write(context, config.outputs());
    }
  }

  /** Writes out what waits to be written. Nothing is logged any more. */
  public static void stop() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
