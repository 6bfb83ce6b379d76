package io.dtm.xa;

import java.util.List;

/**
 * What a sweep has found and done.
 *
 * @param committed orphans of transactions that succeeded
 * @param rolledBack orphans of transactions that failed
 * @param unfinished left alone: the manager will end them
 * @param unknown left alone: the manager does not know their transactions. Somebody should look
 * @param unclear those that could not be asked about or ended, to be looked at in the next sweep
 */
public record SweepReport(
    List<XaBranch> committed,
    List<XaBranch> rolledBack,
    List<XaBranch> unfinished,
    List<XaBranch> unknown,
    List<Unclear> unclear) {

  public SweepReport {
    committed = List.copyOf(committed);
    rolledBack = List.copyOf(rolledBack);
    unfinished = List.copyOf(unfinished);
    unknown = List.copyOf(unknown);
    unclear = List.copyOf(unclear);
  }

  /**
   * One that could not be ended.
   *
   * @param cause what the manager or the database said
   */
  public record Unclear(XaBranch branch, Exception cause) {}
}
