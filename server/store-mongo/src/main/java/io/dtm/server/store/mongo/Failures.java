package io.dtm.server.store.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import io.dtm.server.store.kit.RecordUnreadable;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bson.BSONException;
import org.jspecify.annotations.Nullable;

/**
 * Says in an operator's words what keeps the database from doing what it was asked for.
 * Thread-safe.
 */
final class Failures {
  private static final String UNKNOWN = "; what was asked for may have happened or not";

  private static final Pattern UNKNOWN_HOST = Pattern.compile("UnknownHostException: ([^:}]+)");

  private final MongoStoreConfig config;
  private volatile boolean closed;

  Failures(MongoStoreConfig config) {
    this.config = config;
  }

  /** From now on every request fails. */
  void close() {
    closed = true;
  }

  <T> T translated(Supplier<T> request) {
    if (closed) {
      throw unavailable("the store is closed");
    }
    try {
      return request.get();
    } catch (MongoInterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted while waiting" + UNKNOWN, e);
    } catch (MongoException e) {
      throw unavailable(explain(e), e);
    } catch (RecordUnreadable e) {
      throw new StoredRecordUnreadable(config.describe(), String.valueOf(e.getMessage()), e);
    } catch (BSONException e) {
      throw unavailable(String.valueOf(e.getMessage()), e);
    } catch (IllegalStateException e) {
      // What the driver throws once its client is closed.
      if (closed) {
        throw unavailable("the store was closed meanwhile" + UNKNOWN, e);
      }
      throw e;
    }
  }

  StoreUnavailable unavailable(String why) {
    return new StoreUnavailable(describe(why));
  }

  private StoreUnavailable unavailable(String why, Exception cause) {
    return new StoreUnavailable(describe(why), cause);
  }

  /** A reason, with the name of the database. */
  String describe(String why) {
    return "%s: %s".formatted(config.describe(), why);
  }

  private String explain(MongoException e) {
    return switch (e) {
      // While no server can be reached this says why, with the state of each server.
      case MongoTimeoutException timeout ->
          "no connection to a server that takes writes within %s: %s"
              .formatted(config.connectTimeout(), reason(timeout));
      case MongoSocketReadTimeoutException unused ->
          "no answer within %s%s".formatted(config.requestTimeout(), UNKNOWN);
      case MongoSecurityException unused -> "refuses the user or its password";
      case MongoSocketException socket ->
          "connection lost: %s%s".formatted(socket.getMessage(), UNKNOWN);
      case MongoNotPrimaryException unused -> "the primary is changing" + UNKNOWN;
      case MongoNodeIsRecoveringException unused -> "the primary is starting or stopping" + UNKNOWN;
      case MongoWriteConcernException concern -> unconfirmed(concern.getMessage());
      case MongoBulkWriteException bulk -> explainBulk(bulk);
      case MongoCommandException command ->
          "refused: %s (code %d)".formatted(command.getErrorMessage(), command.getErrorCode());
      case MongoServerException server -> "refused: " + server.getMessage();
      default -> e.getMessage() + UNKNOWN;
    };
  }

  /** The driver's words are long, and this is what people most often get wrong. */
  private static String reason(MongoTimeoutException e) {
    var message = String.valueOf(e.getMessage());
    var host = UNKNOWN_HOST.matcher(message);
    return host.find() ? "host %s is not known on this machine".formatted(host.group(1)) : message;
  }

  private static String explainBulk(MongoBulkWriteException e) {
    var concern = e.getWriteConcernError();
    return concern == null ? "refused: " + e.getMessage() : unconfirmed(concern.getMessage());
  }

  private static String unconfirmed(@Nullable String why) {
    return "written, but not confirmed by a majority of the servers, so it may be lost or not: "
        + why;
  }
}
