package io.dtm.server.store.mongo;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoDatabase;
import java.time.Instant;
import java.util.Date;
import java.util.function.Supplier;
import org.bson.Document;

/** Asks the primary what time it is; it answers in whole milliseconds. Thread-safe. */
final class ServerTime implements Supplier<Instant> {
  private static final int COMMAND_NOT_FOUND = 59;

  private final MongoDatabase database;
  private final Failures failures;

  ServerTime(MongoDatabase database, Failures failures) {
    this.database = database;
    this.failures = failures;
  }

  @Override
  public Instant get() {
    return failures.translated(() -> {
      if (hello().get("localTime") instanceof Date time) {
        return time.toInstant();
      }
      throw failures.unavailable("does not tell its time (expected: localTime of hello)");
    });
  }

  private Document hello() {
    try {
      return database.runCommand(new Document("hello", 1));
    } catch (MongoCommandException e) {
      if (e.getErrorCode() == COMMAND_NOT_FOUND) {
        // What it was called before MongoDB 5.
        return database.runCommand(new Document("isMaster", 1));
      }
      throw e;
    }
  }
}
