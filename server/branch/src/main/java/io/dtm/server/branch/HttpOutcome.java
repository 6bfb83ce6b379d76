package io.dtm.server.branch;

import io.dtm.server.core.BranchResult.Availability;

/** How one HTTP request ended. */
sealed interface HttpOutcome {
  /** A whole answer came, or as much of it as we read. */
  record Answered(int status, AnswerBody body) implements HttpOutcome {}

  /** No whole answer came; whether the request was carried out is unknown. */
  record Unanswered(String why, Availability availability) implements HttpOutcome {}

  /** It was taken back before anything was sent. */
  record NotSent() implements HttpOutcome {}
}
