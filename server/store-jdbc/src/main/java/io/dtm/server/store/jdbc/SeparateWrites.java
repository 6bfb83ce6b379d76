package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.jdbc.Database.Attempt;
import io.dtm.server.store.jdbc.Database.Work;
import io.dtm.server.store.kit.Wave;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * One batch that has met a lock of somebody outside, or has something that the database does not
 * take: each command in a database transaction of its own, so that only that one is left out. Not
 * thread-safe.
 */
final class SeparateWrites {
  /**
   * So many commands may wait for a lock in vain; those behind them are not tried. Somebody who
   * locks a range of an index locks out every insert into it, and no batch is to wait for each.
   */
  private static final int WAITS_MAX = 2;

  private final Database database;
  private final TransactionTable table;
  private final BatchWriter writer;
  private final WriteOutcome[] outcomes;
  private int waits;
  private int done;

  SeparateWrites(Database database, TransactionTable table, BatchWriter writer, int commands) {
    this.database = database;
    this.table = table;
    this.writer = writer;
    this.outcomes = new WriteOutcome[commands];
  }

  /**
   * Updates first, which need not wait for a row: an insert may have to.
   *
   * @throws StoreUnavailable when the database fails meanwhile: for all of them, though a part may
   *     have been written. Nobody has been told of it yet.
   */
  List<WriteOutcome> apply(List<Wave> waves) {
    try {
      for (var wave : waves) {
        for (var place : wave.updates()) {
          var update = place.command();
          outcomes[place.index()] = alone(update.gid(), connection -> update(connection, update));
        }
        for (var place : wave.creates()) {
          var created = place.command().transaction();
          outcomes[place.index()] =
              alone(created.gid(), connection -> writer.create(connection, created));
        }
      }
    } catch (StoreUnavailable e) {
      throw new StoreUnavailable(
          "%d of %d writes were done one by one, then: %s"
              .formatted(done, outcomes.length, e.getMessage()),
          e);
    }
    return Arrays.asList(outcomes);
  }

  private WriteOutcome alone(Gid gid, Work<WriteOutcome> work) {
    if (waits >= WAITS_MAX) {
      return locked(
          gid, "nothing was written: %d others waited for locks in vain".formatted(waits));
    }
    return switch (database.tryToWrite(work)) {
      case Attempt.Done<WriteOutcome>(var outcome) -> {
        done++;
        yield outcome;
      }
      case Attempt.NotTaken<WriteOutcome>(var failure) -> {
        if (failure.kind() == SqlFailure.Kind.LOCKED) {
          waits++;
          yield locked(gid, failure.describe());
        }
        yield new WriteOutcome.Refused(said(gid, failure.describe()));
      }
    };
  }

  private WriteOutcome update(Connection connection, WriteCommand.Update command)
      throws SQLException {
    if (table.lockUnlessLocked(connection, command.gid())) {
      return writer.update(connection, command);
    }
    return switch (writer.found(connection, command.gid())) {
      case WriteOutcome.Conflict(var stored) when isSame(stored, command.before()) ->
          locked(command.gid(), "locked by somebody else; nothing was written");
      case WriteOutcome other -> other;
    };
  }

  private static boolean isSame(GlobalTransaction stored, GlobalTransaction expected) {
    return stored.version() == expected.version()
        && stored.definition().createdAt().equals(expected.definition().createdAt());
  }

  private WriteOutcome locked(Gid gid, String why) {
    return new WriteOutcome.Locked(said(gid, why));
  }

  private String said(Gid gid, String why) {
    return "%s: transaction %s: %s".formatted(database.name(), gid, why);
  }
}
