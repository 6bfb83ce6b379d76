package io.dtm.server.api;

import io.dtm.server.core.ErrorLines;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.StoredRecordUnreadable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes answers of exceptions. Of what is not the client's fault it hears no more than a number,
 * under which the log has the rest. Thread-safe when its source of randomness is.
 */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** The limit's name stands in it, for the operator. */
  static final String NO_ROOM =
      "overloaded: too much in memory, nothing was stored (see MaxBytesInWork)";

  private final ErrorLines lines;

  Failures(RandomGenerator random, InstantSource clock) {
    this.lines = new ErrorLines(random, clock);
  }

  Answer answer(RuntimeException e) {
    return switch (e) {
      case InvalidRequest invalid -> new Answer.Invalid(invalid.explanation());
      case StoredRecordUnreadable unreadable -> unreadable(unreadable);
      case StoreUnavailable unavailable -> storeUnavailable(unavailable);
      case NoRoom ignored -> new Answer.TryAgain(NO_ROOM, RETRY_AFTER);
      default -> bug(e);
    };
  }

  private Answer storeUnavailable(StoreUnavailable e) {
    var id =
        lines.write(
            String.valueOf(e.getMessage()),
            (number, leftOut) ->
                LOG.warn(
                    "store unavailable (error {}; {} others left out): {}",
                    number,
                    leftOut,
                    e.getMessage()));
    LOG.debug("store unavailable", e);
    return new Answer.TryAgain(
        "the store is unavailable, the request may or may not have taken effect"
            + id.map(" (error %s)"::formatted).orElse(""),
        RETRY_AFTER);
  }

  /** Worth another try: behind a load balancer it may meet a server that has been upgraded. */
  private Answer unreadable(StoredRecordUnreadable e) {
    var id =
        lines.write(
            String.valueOf(e.getMessage()),
            (number, leftOut) ->
                LOG.warn(
                    "unreadable (error {}; {} others left out): {}",
                    number,
                    leftOut,
                    e.getMessage()));
    LOG.debug("unreadable", e);
    return new Answer.TryAgain(
        "this server cannot read what is stored, nothing was changed; a newer one may (%s%s)"
            .formatted(e.what(), id.map(", error %s"::formatted).orElse("")),
        RETRY_AFTER);
  }

  private Answer bug(RuntimeException e) {
    var id =
        lines.write(
            e.toString(),
            (number, leftOut) ->
                LOG.error("internal error {} ({} others left out)", number, leftOut, e));
    return new Answer.Failed(500, "internal error" + id.map(" %s"::formatted).orElse(""));
  }
}
