package io.dtm.client;

import static java.util.Objects.requireNonNull;

/**
 * What a manager answered, in the words of its REST edge, whatever carried it.
 *
 * @param manager who answered; for people
 * @param status 200 for done; 409 and 425 when the transaction is not, or not yet, where the
 *     command would lead it; another 4xx when the command is wrong; 500 when the manager could not
 *     tell
 * @param body a JSON object: {@code dtm_result} and {@code message}, or what was asked for
 */
public record ManagerReply(String manager, int status, String body) {

  public ManagerReply {
    requireNonNull(manager, "manager");
    requireNonNull(body, "body");
  }
}
