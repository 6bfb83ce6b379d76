package io.dtm.server.api;

import io.dtm.server.core.ErrorLines;
import io.dtm.server.core.ErrorTexts;
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

  private final ErrorTexts texts;

  Failures(RandomGenerator random, InstantSource clock) {
    this.texts =
        new ErrorTexts(
            new ErrorLines(random, clock), new ErrorTexts.Log(LOG::warn, LOG::error, LOG::debug));
  }

  Answer answer(RuntimeException e) {
    return switch (e) {
      case InvalidRequest invalid -> new Answer.Invalid(invalid.explanation());
      case StoredRecordUnreadable unreadable ->
          new Answer.TryAgain(texts.unreadable(unreadable), RETRY_AFTER);
      case StoreUnavailable unavailable ->
          new Answer.TryAgain(texts.unavailable(unavailable), RETRY_AFTER);
      case NoRoom ignored -> new Answer.TryAgain(NO_ROOM, RETRY_AFTER);
      default -> new Answer.Failed(500, texts.internal(e));
    };
  }
}
