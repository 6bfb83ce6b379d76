package io.dtm.server.app;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of this process. What {@code logback.xml} sets up is changed to what the configuration asks for. */
public final class Logging {
  /** The layout of a line, as the shipped {@code logback.xml} names it; absent when an operator has put another in its place. */
  private static final String LINE_PROPERTY = "LINE";

  private static final int WAITING_MAX = 8_192;

  private Logging() {}

  /** Sets level and outputs. An operator's own {@code logback.xml} keeps its outputs. */
  public static void apply(LogConfig config) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(config.level()));
    var line = context.getProperty(LINE_PROPERTY);
    if (line != null && !config.outputs().equals(List.of(LogConfig.STDERR))) {
      root.detachAndStopAllAppenders();
      config.outputs().forEach(output -> root.addAppender(appender(context, output, line)));
    }
  }

  private static AsyncAppender appender(LoggerContext context, String output, String line) {
    var encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(line);
    encoder.start();
    var target = target(output);
    target.setContext(context);
    target.setName(output);
    target.setEncoder(encoder);
    target.start();
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

  /** Writes out what waits to be written. Nothing is logged any more. */
  public static void stop() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
