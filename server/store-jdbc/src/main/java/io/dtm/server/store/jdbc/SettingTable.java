package io.dtm.server.store.jdbc;

import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.KeyValueStore.EntryPage;
import io.dtm.server.store.kit.Micros;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of settings. Stateless. */
final class SettingTable {
  static final String COLUMNS = "category, name, value, version, created_at, updated_at";
  static final int COLUMN_COUNT = 6;

  private final Dialect dialect;

  SettingTable(Dialect dialect) {
    this.dialect = dialect;
  }

  Optional<Entry> find(Connection connection, String category, String name) throws SQLException {
    var sql = "SELECT %s FROM dtm_setting WHERE category = ? AND name = ?".formatted(COLUMNS);
    try (var statement = connection.prepareStatement(sql)) {
      new Values(statement).add(category).add(name);
      try (var rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(read(rows)) : Optional.empty();
      }
    }
  }

  private static Entry read(ResultSet row) throws SQLException {
    return new Entry(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        Micros.instant(row.getLong(5)),
        Micros.instant(row.getLong(6)));
  }

  EntryPage page(Connection connection, String category, @Nullable Place after, int limit)
      throws SQLException {
    var conditions = new ArrayList<String>();
    if (!category.isEmpty()) {
      conditions.add("category = ?");
    }
    if (after != null) {
      conditions.add("(category > ? OR category = ? AND name > ?)");
    }
    var where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    var sql = "SELECT %s FROM dtm_setting%s ORDER BY category, name".formatted(COLUMNS, where);
    try (var statement = connection.prepareStatement(sql)) {
      statement.setMaxRows(limit + 1);
      var values = new Values(statement);
      if (!category.isEmpty()) {
        values.add(category);
      }
      if (after != null) {
        values.add(after.first()).add(after.first()).add(after.second());
      }
      try (var rows = statement.executeQuery()) {
        var entries = new ArrayList<Entry>();
        while (entries.size() < limit && rows.next()) {
          entries.add(read(rows));
        }
        var last = rows.next() ? entries.getLast() : null;
        return new EntryPage(
            entries, last == null ? "" : new Place(last.category(), last.key()).position());
      }
    }
  }

  boolean insert(Connection connection, String category, String name, String value, Instant now)
      throws SQLException {
    try (var statement = connection.prepareStatement(dialect.insertSetting())) {
      long micros = Micros.floor(now);
      new Values(statement).add(category).add(name).add(value).add(1).add(micros).add(micros);
      return statement.executeUpdate() == 1;
    }
  }

  boolean update(
      Connection connection, String category, String name, String value, long version, Instant now)
      throws SQLException {
    var sql =
        "UPDATE dtm_setting SET value = ?, version = version + 1, updated_at = ?"
            + " WHERE category = ? AND name = ? AND version = ?";
    try (var statement = connection.prepareStatement(sql)) {
      new Values(statement).add(value).add(Micros.floor(now)).add(category).add(name).add(version);
      return statement.executeUpdate() == 1;
    }
  }

  boolean delete(Connection connection, String category, String name, long version)
      throws SQLException {
    var sql = "DELETE FROM dtm_setting WHERE category = ? AND name = ? AND version = ?";
    try (var statement = connection.prepareStatement(sql)) {
      new Values(statement).add(category).add(name).add(version);
      return statement.executeUpdate() == 1;
    }
  }
}
