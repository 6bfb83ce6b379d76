package io.dtm.server.store.jdbc;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.jdbc.TransactionTable.ChangedRow;
import io.dtm.server.store.jdbc.TransactionTable.NewRow;
import io.dtm.server.store.kit.Wave;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Carries out a batch of conditional writes. First as if no race were lost, which is nearly always
 * true: a few statements for many rows, whose affected rows are counted. If a row is missing in the
 * count, all of it is undone, and done again one row at a time, so that each outcome is known.
 * Thread-safe.
 */
final class BatchWriter {
  /** How often an insert starts over because the row that was in its way has gone meanwhile. */
  private static final int INSERTS_MAX = 3;

  private final Database database;
  private final TransactionTable table;

  BatchWriter(Database database, TransactionTable table) {
    this.database = database;
    this.table = table;
  }

  List<WriteOutcome> apply(List<WriteCommand> batch) {
    var waves = Wave.of(batch);
    if (waves.size() == 1 && writeTogether(waves.getFirst())) {
      return Collections.nCopies(batch.size(), new WriteOutcome.Applied());
    }
    return database.write(connection -> {
      var outcomes = new WriteOutcome[batch.size()];
      for (var wave : waves) {
        for (var place : wave.creates()) {
          outcomes[place.index()] = create(connection, place.command().transaction());
        }
        for (var place : wave.updates()) {
          outcomes[place.index()] = update(connection, place.command());
        }
      }
      return Arrays.asList(outcomes);
    });
  }

  /** Whether every command was applied; if not, nothing was. */
  private boolean writeTogether(Wave wave) {
    var created =
        wave.creates().stream().map(place -> NewRow.of(place.command().transaction())).toList();
    var changed = wave.updates().stream().map(place -> ChangedRow.of(place.command())).toList();
    return database.writeIf(connection ->
        table.insert(connection, created) == created.size()
            && table.update(connection, changed) == changed.size());
  }

  private WriteOutcome create(Connection connection, GlobalTransaction transaction)
      throws SQLException {
    var row = List.of(NewRow.of(transaction));
    for (int i = 0; i < INSERTS_MAX; i++) {
      if (table.insert(connection, row) == 1) {
        return new WriteOutcome.Applied();
      }
      var stored = table.find(connection, transaction.gid());
      if (stored != null) {
        return new WriteOutcome.Conflict(stored);
      }
    }
    throw new SQLException(
        "gid %s: neither free nor taken, %d times".formatted(transaction.gid(), INSERTS_MAX));
  }

  private WriteOutcome update(Connection connection, WriteCommand.Update command)
      throws SQLException {
    if (table.update(connection, List.of(ChangedRow.of(command))) == 1) {
      return new WriteOutcome.Applied();
    }
    var stored = table.find(connection, command.gid());
    return stored == null ? new WriteOutcome.Missing() : new WriteOutcome.Conflict(stored);
  }
}
