package io.dtm.server.core;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What an edge says of errors that are not its client's fault: the log hears everything, the client
 * a number under which the log has it. Thread-safe.
 */
public final class ErrorTexts {
  private final ErrorLines lines;
  private final Log log;

  /** An edge's log: a logger's methods of the same names. */
  public record Log(
      Consumer<String> warn,
      BiConsumer<String, Throwable> error,
      BiConsumer<String, Throwable> debug) {}

  public ErrorTexts(ErrorLines lines, Log log) {
    this.lines = lines;
    this.log = log;
  }

  /** The store failed: worth another try, which must be safe when the first one took effect. */
  public String unavailable(StoreUnavailable e) {
    return "the store is unavailable, the request may or may not have taken effect"
        + warn("store unavailable", " (error %s)", e);
  }

  /** Worth another try: behind a load balancer it may meet a server that has been upgraded. */
  public String unreadable(StoredRecordUnreadable e) {
    return "this server cannot read what is stored, nothing was changed; a newer one may (%s%s)"
        .formatted(e.what(), warn("unreadable", ", error %s", e));
  }

  /** A bug of ours. */
  public String internal(RuntimeException e) {
    return "internal error"
        + lines
            .write(
                e.toString(),
                (number, leftOut) ->
                    log.error()
                        .accept(
                            "internal error %s (%d others left out)".formatted(number, leftOut), e))
            .map(" %s"::formatted)
            .orElse("");
  }

  /** How the client is told of the line; empty when there is none. */
  private String warn(String what, String telling, RuntimeException e) {
    log.debug().accept(what, e);
    return lines
        .write(
            String.valueOf(e.getMessage()),
            (number, leftOut) ->
                log.warn()
                    .accept(
                        "%s (error %s; %d others left out): %s"
                            .formatted(what, number, leftOut, e.getMessage())))
        .map(telling::formatted)
        .orElse("");
  }
}
