package io.dtm.server.store.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a few batches of statements have changed, as far as the server tells. A driver may
 * know the sum of a batch only, and a statement of many rows has a sum to begin with: that is
 * enough when all of them changed, or none.
 */
final class Counts {
  private final boolean[] changed;
  private boolean known = true;

  Counts(int rows) {
    this.changed = new boolean[rows];
  }

  /**
   * Carries out the statement's batch.
   *
   * @param start the row it begins with
   * @param rows how many rows each statement of the batch has
   * @return the row after its last
   */
  int add(Statement statement, int start, int[] rows) throws SQLException {
    var counts = statement.executeBatch();
    int end = start + IntStream.of(rows).sum();
    if (IntStream.of(counts).anyMatch(count -> count == Statement.SUCCESS_NO_INFO)) {
      mark(start, end, statement.getLargeUpdateCount());
      return end;
    }
    int next = start;
    for (int i = 0; i < rows.length; i++) {
      mark(next, next + rows[i], counts[i]);
      next += rows[i];
    }
    return end;
  }

  private void mark(int start, int end, long count) {
    if (count == end - start) {
      Arrays.fill(changed, start, end, true);
    } else if (count != 0) {
      known = false;
    }
  }

  /** For each row whether it was changed; null when that is not known. */
  boolean @Nullable [] changed() {
    return known ? changed : null;
  }
}
