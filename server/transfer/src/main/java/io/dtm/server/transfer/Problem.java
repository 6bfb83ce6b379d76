package io.dtm.server.transfer;

/**
 * Something that an operator has to look at.
 *
 * @param subject a gid, or another name of what it is about
 */
public record Problem(String subject, String reason) {
  @Override
  public String toString() {
    return subject + ": " + reason;
  }
}
