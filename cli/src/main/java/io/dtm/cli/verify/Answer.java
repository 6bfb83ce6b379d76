package io.dtm.cli.verify;

import io.dtm.protocol.Results;
import io.grpc.Status;
import java.util.Locale;
import java.util.Objects;

/**
 * How a participant answered, by the rules that managers read answers by.
 *
 * @param text what it said, shortened
 */
record Answer(Kind kind, String text) {
  private static final int OK = 200;
  private static final int CONFLICT = 409;
  private static final int TOO_EARLY = 425;
  private static final int TEXT_MAX = 200;

  enum Kind {
    DONE,
    REFUSED,
    ONGOING,
    UNCLEAR
  }

  static Answer of(int status, String body) {
    var text = "HTTP %d %s".formatted(status, shortened(body.strip())).strip();
    if (status == TOO_EARLY || body.contains(Results.ONGOING)) {
      return new Answer(Kind.ONGOING, text);
    }
    if (status == CONFLICT || body.contains(Results.FAILURE)) {
      return new Answer(Kind.REFUSED, text);
    }
    return new Answer(status == OK ? Kind.DONE : Kind.UNCLEAR, text);
  }

  /** Old participants say "ongoing" with the status of a refusal. */
  static Answer ofGrpc(Status status) {
    var said = Objects.requireNonNullElse(status.getDescription(), "");
    var text = "gRPC %s %s".formatted(status.getCode(), shortened(said)).strip();
    return switch (status.getCode()) {
      case OK -> new Answer(Kind.DONE, text);
      case ABORTED -> new Answer(said.equals(Results.ONGOING) ? Kind.ONGOING : Kind.REFUSED, text);
      case FAILED_PRECONDITION -> new Answer(Kind.ONGOING, text);
      default -> new Answer(Kind.UNCLEAR, text);
    };
  }

  static Answer none(Exception why) {
    return new Answer(Kind.UNCLEAR, "no answer: " + why);
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "…";
  }

  boolean isDone() {
    return kind == Kind.DONE;
  }

  @Override
  public String toString() {
    return "%s (%s)".formatted(kind.name().toLowerCase(Locale.ROOT), text);
  }
}
