package io.dtm.workflow;

import static java.util.Objects.requireNonNull;

/**
 * How a manager's call is to be answered over HTTP.
 *
 * @param status 200 when the workflow has ended, whatever its end; 425 while a branch is still at
 *     work, or the workflow is; 500 when it stopped, or its history changed; 400 and 404 when it is
 *     no call that could be carried out here
 * @param body a JSON object
 */
public record ResumeReply(int status, String body) {
  public ResumeReply {
    requireNonNull(body, "body");
  }

  /** Of the body. */
  public String contentType() {
    return "application/json; charset=utf-8";
  }
}
