package io.dtm.server.store.kit;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;

/**
 * A transaction as it is kept by a store that has one row, hash or document for each. Immutable by
 * agreement: the arrays are neither copied nor to be changed.
 */
public final class TransactionRecord {
  private static final byte[] NOTHING = {};

  private final byte[] definition;
  private final byte[] appended;
  private final byte[] progress;

  private TransactionRecord(byte[] definition, byte[] appended, byte[] progress) {
    this.definition = definition;
    this.appended = appended;
    this.progress = progress;
  }

  /** The record of a transaction that is new to the store. */
  public static TransactionRecord of(GlobalTransaction transaction) {
    var branches = transaction.branches();
    return new TransactionRecord(
        RecordCodec.definition(transaction.definition(), branches),
        NOTHING,
        RecordCodec.progress(transaction, Head.of(transaction, branches.size())));
  }

  /** What a store found. */
  public static TransactionRecord stored(byte[] definition, byte[] appended, byte[] progress) {
    return new TransactionRecord(definition, appended, progress);
  }

  /** What was asked for, and the plan of the branches known when that was written. */
  public byte[] definition() {
    return definition;
  }

  /** The branches that were appended since, in order: the joined {@link RecordChange#appended}. */
  public byte[] appended() {
    return appended;
  }

  /** All that changes. */
  public byte[] progress() {
    return progress;
  }

  /**
   * The transaction.
   *
   * @throws RecordUnreadable when the record is damaged or was written by a newer server
   */
  public GlobalTransaction read(Gid gid) {
    var defined = RecordCodec.definition(gid, definition);
    var plan = defined.plan();
    plan.addAll(RecordCodec.appended(gid, appended, defined.definition().createdAt()));
    return RecordCodec.transaction(defined.definition(), plan, progress);
  }
}
