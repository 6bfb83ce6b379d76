package io.dtm.server.api;

import io.dtm.protocol.Keys;
import io.dtm.protocol.ResumedJson;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.engine.Coordinator;
import io.dtm.server.engine.ResumeRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The command that has parked transactions go on. */
final class ParkedRoutes {
  /**
   * So many go on in a second unless the request says otherwise: a service that is back is weak.
   */
  static final int RATE_DEFAULT = 10;

  static final int RATE_MAX = 10_000;

  /** A year. */
  private static final int DELAY_MAX = 31_536_000;

  private final Coordinator coordinator;
  private final JsonDocuments documents;
  private final Replies replies;
  private final HttpEdgeConfig config;

  ParkedRoutes(
      Coordinator coordinator, JsonDocuments documents, Replies replies, HttpEdgeConfig config) {
    this.coordinator = coordinator;
    this.documents = documents;
    this.replies = replies;
    this.config = config;
  }

  Reply resume(EdgeRequest request) {
    var asked = documents.read("body", request.body(), input -> new Members(input).readAll());
    try {
      var outcome = coordinator.resumeParked(asked);
      return replies.value(
          new ResumedJson(outcome.count(), outcome.hasRemaining(), outcome.nextPosition()));
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(
          Keys.POSITION, asked.position(), "the next_position of an earlier answer");
    }
  }

  /** The members of a body, as far as they are read. */
  private final class Members {
    private final JsonInput input;
    private @Nullable TransactionMode mode;
    private String destination = "";
    private String reasonContains = "";
    private int limit;
    private int rate;
    private int delay;
    private boolean dryRun;
    private String position = "";

    Members(JsonInput input) {
      this.input = input;
    }

    ResumeRequest readAll() throws IOException {
      input.document("body", this::read);
      return new ResumeRequest(
          mode,
          destination,
          reasonContains,
          limit == 0 ? QueryRoutes.LIMIT_DEFAULT : Math.min(limit, config.listMax()),
          rate == 0 ? RATE_DEFAULT : rate,
          Duration.ofSeconds(delay),
          position,
          dryRun);
    }

    private void read(String name) throws IOException {
      switch (name) {
        case Keys.TRANS_TYPE -> mode = mode(input.text(name));
        case Keys.DESTINATION -> destination = input.text(name).toLowerCase(Locale.ROOT);
        case Keys.REASON_CONTAINS -> reasonContains = input.text(name);
        case Keys.LIMIT -> limit = input.count(name);
        case Keys.RATE -> rate = input.count(name, RATE_MAX);
        case Keys.DELAY -> delay = input.count(name, DELAY_MAX);
        case Keys.DRY_RUN -> dryRun = input.flag(name);
        case Keys.POSITION -> position = input.text(name);
        // A condition that was misspelt would resume too many.
        default ->
            throw InvalidRequest.of(
                "body",
                name,
                "trans_type, destination,"
                    + " reason_contains, limit, rate, delay, dry_run or position");
      }
    }

    private static @Nullable TransactionMode mode(String word) {
      return word.isEmpty() ? null : Words.mode(Keys.TRANS_TYPE, word);
    }
  }
}
