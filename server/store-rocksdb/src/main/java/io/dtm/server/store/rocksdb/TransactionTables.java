package io.dtm.server.store.rocksdb;

import io.dtm.server.core.Branch;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Schedule;
import io.dtm.server.store.kit.Head;
import io.dtm.server.store.kit.RecordCodec;
import io.dtm.server.store.kit.RecordUnreadable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Reads and writes all that is stored about one transaction, so that the tables always tell the
 * same story. Writes are called under the store's write lock.
 */
final class TransactionTables {
  private static final byte[] FREE = {0};
  private static final byte[] LEASED = {1};
  private static final byte[] NOTHING = {};

  private final TimeIndexes indexes;

  TransactionTables(TimeIndexes indexes) {
    this.indexes = indexes;
  }

  static boolean isLeased(byte[] dueValue) {
    return dueValue.length > 0 && dueValue[0] == LEASED[0];
  }

  /** The head of what is stored now; null when nothing is. */
  @Nullable Head head(Database database, byte[] gid) throws RocksDBException {
    var progress = database.get(Table.PROGRESS, gid);
    return progress == null ? null : RecordCodec.head(Keys.gid(gid), progress);
  }

  @Nullable Head head(Database database, View view, byte[] gid) throws RocksDBException {
    var progress = database.get(Table.PROGRESS, gid, view.options());
    return progress == null ? null : RecordCodec.head(Keys.gid(gid), progress);
  }

  /** All that is stored under a key of a transaction; null when nothing is. */
  @Nullable Stored load(Database database, View view, byte[] key) throws RocksDBException {
    var progress = database.get(Table.PROGRESS, key, view.options());
    if (progress == null) {
      return null;
    }
    var gid = Keys.gid(key);
    var head = RecordCodec.head(gid, progress);
    var bytes = database.get(Table.DEFINITION, key, view.options());
    if (bytes == null) {
      throw new RecordUnreadable("definition of %s: missing".formatted(gid), null);
    }
    var defined = RecordCodec.definition(gid, bytes);
    var plan = defined.plan();
    if (plan.size() != head.planned()) {
      throw new RecordUnreadable(
          "definition of %s: %d branches (expected: %d)"
              .formatted(gid, plan.size(), head.planned()),
          null);
    }
    plan.addAll(appended(database, view, gid, key, head));
    return new Stored(head, RecordCodec.transaction(defined.definition(), plan, progress));
  }

  private List<Branch> appended(Database database, View view, Gid gid, byte[] key, Head head)
      throws RocksDBException {
    var branches = new ArrayList<Branch>();
    if (head.appended() == 0) {
      return branches;
    }
    var start = Keys.branch(key, head.planned());
    var end = Keys.branch(key, head.branches());
    try (var cursor = new Cursor(database, view, Table.BRANCH, start, end)) {
      for (; cursor.key() != null; cursor.next()) {
        branches.add(RecordCodec.branch(gid, cursor.value(), head.createdAt()));
      }
    }
    if (branches.size() != head.appended()) {
      throw new RecordUnreadable(
          "branches of %s: %d were appended (expected: %d)"
              .formatted(gid, branches.size(), head.appended()),
          null);
    }
    return branches;
  }

  /**
   * Writes a transaction in place of what is stored.
   *
   * @param old the head of what is stored; null: nothing is
   * @param redefined whether more than progress and appended branches differ from what is stored
   */
  void put(
      Database database,
      WriteBatch batch,
      @Nullable Head old,
      GlobalTransaction next,
      boolean redefined)
      throws RocksDBException {
    var gid = Keys.gid(next.gid());
    var branches = next.branches();
    Head head;
    if (old == null || redefined || branches.size() < old.branches()) {
      head = Head.of(next, branches.size());
      var definition = RecordCodec.definition(next.definition(), branches);
      batch.put(database.handle(Table.DEFINITION), gid, definition);
      deleteAppended(database, batch, old, gid);
    } else {
      head = Head.of(next, old.planned());
      for (int i = old.branches(); i < branches.size(); i++) {
        var branch = RecordCodec.branch(branches.get(i), head.createdAt());
        batch.put(database.handle(Table.BRANCH), Keys.branch(gid, i), branch);
      }
    }
    batch.put(database.handle(Table.PROGRESS), gid, RecordCodec.progress(next, head));
    index(database, batch, old, head, gid, next.schedule().isClaimed());
  }

  /** Writes the next version of a transaction of which only the schedule changes. */
  void reschedule(
      Database database,
      WriteBatch batch,
      byte[] gid,
      byte[] progress,
      Function<Schedule, Schedule> change)
      throws RocksDBException {
    var old = RecordCodec.head(Keys.gid(gid), progress);
    var schedule = change.apply(RecordCodec.schedule(Keys.gid(gid), progress));
    var head = old.next(schedule.dueAt());
    batch.put(
        database.handle(Table.PROGRESS), gid, RecordCodec.rescheduled(progress, head, schedule));
    index(database, batch, old, head, gid, schedule.isClaimed());
  }

  /** Deletes all that is stored about a transaction. */
  void delete(Database database, WriteBatch batch, Head old, byte[] gid) throws RocksDBException {
    batch.delete(database.handle(Table.DEFINITION), gid);
    batch.delete(database.handle(Table.PROGRESS), gid);
    deleteAppended(database, batch, old, gid);
    batch.singleDelete(database.handle(Table.LISTING), listingKey(old, gid));
    indexes.of(old.status()).remove(database, batch, timeKey(old, gid));
  }

  private static void deleteAppended(
      Database database, WriteBatch batch, @Nullable Head old, byte[] gid) throws RocksDBException {
    if (old != null) {
      for (int i = old.planned(); i < old.branches(); i++) {
        batch.delete(database.handle(Table.BRANCH), Keys.branch(gid, i));
      }
    }
  }

  private void index(
      Database database,
      WriteBatch batch,
      @Nullable Head old,
      Head next,
      byte[] gid,
      boolean isLeased)
      throws RocksDBException {
    boolean isListed = old != null && old.status() == next.status() && old.mode() == next.mode();
    if (old != null) {
      indexes.of(old.status()).remove(database, batch, timeKey(old, gid));
      if (!isListed) {
        batch.singleDelete(database.handle(Table.LISTING), listingKey(old, gid));
      }
    }
    if (!isListed) {
      batch.put(database.handle(Table.LISTING), listingKey(next, gid), NOTHING);
    }
    var value = next.finishedAt() != null ? NOTHING : isLeased ? LEASED : FREE;
    indexes.of(next.status()).put(database, batch, timeKey(next, gid), value);
  }

  /** Its key in the time index of its status: its due time, or its end. */
  static byte[] timeKey(Head head, byte[] gid) {
    var finishedAt = head.finishedAt();
    return Keys.time(finishedAt == null ? head.dueAt() : finishedAt, head.version(), gid);
  }

  /** Whether the key of a time index is the one that the head tells. */
  static boolean isCurrent(byte[] key, Head head) {
    return Arrays.equals(key, timeKey(head, Keys.gidOfTime(key)));
  }

  private static byte[] listingKey(Head head, byte[] gid) {
    return Keys.listing(head.status(), head.mode(), head.createdAt(), gid);
  }
}
