package io.dtm.server.store.jdbc;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.jdbc.Database.Attempt;
import io.dtm.server.store.jdbc.TransactionTable.ChangedRow;
import io.dtm.server.store.jdbc.TransactionTable.NewRow;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.Wave;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a batch of conditional writes as one database transaction. First many rows at a time,
 * which tells the outcome of each as long as no race was lost, and on some servers even then. Where
 * a server tells only that some of them lost, all of it is undone, and done again one row at a
 * time. Where somebody outside holds a lock on one of them for too long, or the server does not
 * take one of them, all of it is undone, and each command has a database transaction of its own
 * ({@link SeparateWrites}). Thread-safe.
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
    return switch (attempt(waves, batch.size())) {
      case Attempt.Done<List<WriteOutcome>>(var outcomes) -> outcomes;
      case Attempt.NotTaken<List<WriteOutcome>> ignored ->
          new SeparateWrites(database, table, this, batch.size()).apply(waves);
    };
  }

  private Attempt<List<WriteOutcome>> attempt(List<Wave> waves, int commands) {
    var together = database.tryToWriteIf(connection -> together(connection, waves, commands));
    return switch (together) {
      case Attempt.Done<Optional<List<WriteOutcome>>>(var outcomes) ->
          outcomes.isPresent()
              ? new Attempt.Done<>(outcomes.get())
              : database.tryToWrite(connection -> oneByOne(connection, waves, commands));
      case Attempt.NotTaken<Optional<List<WriteOutcome>>>(var failure) ->
          new Attempt.NotTaken<>(failure);
    };
  }

  /** The outcomes; empty when the server does not tell all of them. */
  private Optional<List<WriteOutcome>> together(
      Connection connection, List<Wave> waves, int commands) throws SQLException {
    var outcomes = new WriteOutcome[commands];
    for (var wave : waves) {
      var created =
          table.insert(
              connection,
              wave.creates().stream()
                  .map(place -> NewRow.of(place.command().transaction()))
                  .toList());
      var updated =
          created == null
              ? null
              : table.update(
                  connection,
                  wave.updates().stream().map(place -> ChangedRow.of(place.command())).toList());
      if (created == null || updated == null) {
        return Optional.empty();
      }
      var creates = wave.creates();
      for (int i = 0; i < creates.size(); i++) {
        var place = creates.get(i);
        outcomes[place.index()] =
            created[i]
                ? new WriteOutcome.Applied()
                : create(connection, place.command().transaction());
      }
      var updates = wave.updates();
      for (int i = 0; i < updates.size(); i++) {
        var place = updates.get(i);
        outcomes[place.index()] =
            updated[i] ? new WriteOutcome.Applied() : found(connection, place.command().gid());
      }
    }
    return Optional.of(Arrays.asList(outcomes));
  }

  private List<WriteOutcome> oneByOne(Connection connection, List<Wave> waves, int commands)
      throws SQLException {
    var outcomes = new WriteOutcome[commands];
    for (var wave : waves) {
      for (var place : wave.creates()) {
        outcomes[place.index()] = create(connection, place.command().transaction());
      }
      for (var place : wave.updates()) {
        outcomes[place.index()] = update(connection, place.command());
      }
    }
    return Arrays.asList(outcomes);
  }

  /** Inserts it, unless its gid is taken. */
  WriteOutcome create(Connection connection, GlobalTransaction transaction) throws SQLException {
    var row = List.of(NewRow.of(transaction));
    for (int i = 0; i < INSERTS_MAX; i++) {
      var inTheWay = found(connection, transaction.gid());
      if (!(inTheWay instanceof WriteOutcome.Missing)) {
        return inTheWay;
      }
      if (isChanged(table.insert(connection, row))) {
        return new WriteOutcome.Applied();
      }
    }
    throw new SQLException(
        "gid %s: neither free nor taken, %d times".formatted(transaction.gid(), INSERTS_MAX));
  }

  /** Updates it, if its version is the expected one. */
  WriteOutcome update(Connection connection, WriteCommand.Update command) throws SQLException {
    return isChanged(table.update(connection, List.of(ChangedRow.of(command))))
        ? new WriteOutcome.Applied()
        : found(connection, command.gid());
  }

  /** Of a single row every server tells. */
  private static boolean isChanged(boolean @Nullable [] changed) {
    return Objects.requireNonNull(changed)[0];
  }

  /** What stands in the way of a write. */
  WriteOutcome found(Connection connection, Gid gid) throws SQLException {
    try {
      var stored = table.find(connection, gid);
      return stored == null ? new WriteOutcome.Missing() : new WriteOutcome.Conflict(stored);
    } catch (RecordUnreadable e) {
      return new WriteOutcome.Unreadable(String.valueOf(e.getMessage()));
    }
  }
}
