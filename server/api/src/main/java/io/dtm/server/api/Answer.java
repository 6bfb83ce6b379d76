package io.dtm.server.api;

import io.dtm.protocol.Results;
import java.time.Duration;

/** What the server has to say to a request, before it takes the form of a protocol. */
sealed interface Answer {

  /** Done, and nothing to tell. */
  record Done() implements Answer {}

  /** Done; {@code shape} is one of those of {@link io.dtm.protocol}. */
  record Value(Object shape) implements Answer {}

  /**
   * The state of things does not allow it, and repeating the request will not help. The message
   * ends in {@link Results#FAILURE}.
   */
  record Refused(String message) implements Answer {}

  /** A participant is still at work. */
  record Ongoing() implements Answer {}

  /** The request itself is at fault. */
  record Invalid(String message) implements Answer {}

  /**
   * Any other error.
   *
   * @param status what HTTP calls it
   */
  record Failed(int status, String message) implements Answer {}

  /** Not now; the same request may do later. */
  record TryAgain(String message, Duration after) implements Answer {}
}
