package io.dtm.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Messages;
import io.dtm.protocol.Results;

/**
 * A manager's answer, read.
 *
 * @param manager who answered
 * @param text the body
 * @param json the body as a JSON object, or a missing node if it is none
 */
record Reply(String manager, int status, String text, JsonNode json) {
  private static final int TEXT_SHOWN_MAX = 300;

  Reply(String manager, int status, String text, Wire wire) {
    this(manager, status, text, wire.object(text));
  }

  boolean isSuccess() {
    return status == 200;
  }

  /** Whether a command was carried out, by status and by word. */
  boolean saysSuccess() {
    return isSuccess() && json.path(Keys.DTM_RESULT).asText().equals(Results.SUCCESS);
  }

  /**
   * The transaction is there, but in another state than the command can lead to, or is not done
   * yet.
   */
  boolean isConflict() {
    return status == 409 || status == 425;
  }

  /** What the manager had to say about it. */
  String message() {
    var message = json.path(Keys.MESSAGE);
    return message.isTextual() ? message.asText() : shown(text);
  }

  /**
   * Whether it says that there is no such transaction: with which status differs between managers.
   */
  boolean saysUnknown(String gid) {
    return message().equals(Messages.UNKNOWN_GID.formatted(gid));
  }

  /** Why a command that is wrong, or comes too late, was not carried out. */
  TransactionRefused refused() {
    return new TransactionRefused("%s answered %d: %s".formatted(manager, status, message()));
  }

  /**
   * @throws TransactionUnknown when there is no such transaction
   * @throws TransactionRefused when the command is wrong
   * @throws TransactionManagerUnavailable when the manager could not tell
   */
  void requireAnswered(String gid) {
    if (isSuccess()) {
      return;
    }
    if (saysUnknown(gid)) {
      throw new TransactionUnknown(gid);
    }
    if (status >= 400 && status < 500) {
      throw refused();
    }
    throw new TransactionManagerUnavailable(
        "%s answered %d: %s".formatted(manager, status, message()), null);
  }

  /** As {@link #requireAnswered}, and that the command was carried out. */
  void requireDone(String gid) {
    requireAnswered(gid);
    if (!saysSuccess()) {
      throw new TransactionManagerUnavailable(
          "%s: answer not understood: %s".formatted(manager, shown(text)), null);
    }
  }

  static String shown(String text) {
    var line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= TEXT_SHOWN_MAX ? line : line.substring(0, TEXT_SHOWN_MAX) + "…";
  }
}
