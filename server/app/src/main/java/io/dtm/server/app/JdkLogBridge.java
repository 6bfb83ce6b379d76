package io.dtm.server.app;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/** Puts the warnings that libraries tell the JDK's log into ours. Thread-safe. */
final class JdkLogBridge extends Handler {
  private final SimpleFormatter texts = new SimpleFormatter();

  private JdkLogBridge() {
    setLevel(Level.WARNING);
  }

  /** Takes the place of every other handler of the process. */
  static void install() {
    var root = LogManager.getLogManager().getLogger("");
    for (var handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    root.addHandler(new JdkLogBridge());
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    var log = LoggerFactory.getLogger(String.valueOf(record.getLoggerName()));
    var text = texts.formatMessage(record);
    if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      log.error(text, record.getThrown());
    } else {
      log.warn(text, record.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
