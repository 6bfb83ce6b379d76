package io.dtm.barrier;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The table in which marks are kept. It lies in the participant's own database, so that one
 * transaction covers both; {@link SqlDialect#createScript} has the statements that make it.
 * Immutable.
 *
 * @param name may be qualified, as in {@code dtm_barrier.barrier}
 */
public record BarrierTable(SqlDialect dialect, String name) {
  private static final Pattern NAME = Pattern.compile("[\\w$]{1,128}(\\.[\\w$]{1,128}){0,2}");

  public BarrierTable {
    requireNonNull(dialect, "dialect");
    requireNonNull(name, "name");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: '%s' (expected: a table such as dtm_barrier.barrier)".formatted(name));
    }
  }

  /** The table under the name that the clients of other languages use. */
  public static BarrierTable of(SqlDialect dialect) {
    return new BarrierTable(dialect, dialect.defaultTable());
  }

  /**
   * Whether the mark could be set. When another transaction is about to set the same one, waits for
   * its end, for as long as the database lets a statement wait for a lock.
   */
  public boolean set(Connection connection, BarrierMark mark) throws SQLException {
    try (var statement = connection.prepareStatement(dialect.insertInto(name))) {
      statement.setString(1, mark.transType());
      statement.setString(2, mark.gid());
      statement.setString(3, mark.branchId());
      statement.setString(4, mark.op());
      statement.setString(5, mark.barrierId());
      statement.setString(6, mark.reason());
      return statement.executeUpdate() > 0;
    } catch (SQLException e) {
      if (dialect.isTaken(e)) {
        return false;
      }
      throw e;
    }
  }

  /** The mark that stands in the place of this one, committed by whoever set it. */
  public Optional<BarrierMark> find(Connection connection, BarrierMark mark) throws SQLException {
    try (var statement = connection.prepareStatement(dialect.selectReason(name))) {
      statement.setString(1, mark.gid());
      statement.setString(2, mark.branchId());
      statement.setString(3, mark.op());
      statement.setString(4, mark.barrierId());
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(mark.withReason(rows.getString(1))) : Optional.empty();
      }
    }
  }
}
