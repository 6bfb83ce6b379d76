package io.dtm.server.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes rows into tables as a reference would. */
final class SqlRows {
  private final Connection connection;
  private final Function<Instant, Object> times;

  /**
   * @param times what the driver takes for a time
   */
  SqlRows(Connection connection, Function<Instant, Object> times) {
    this.connection = connection;
    this.times = times;
  }

  void createTables(String script) throws SQLException {
    try (var in = SqlRows.class.getResourceAsStream(script);
        var statement = connection.createStatement()) {
      var text =
          new String(Objects.requireNonNull(in, script).readAllBytes(), StandardCharsets.UTF_8);
      for (var command : text.split(";", -1)) {
        if (!command.isBlank()) {
          statement.execute(command);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void fill() throws SQLException {
    add(Rows.saga("ended").status("succeed").step("01", "prepared", "succeed").build());
    for (var row : SampleReference.all()) {
      add(row);
    }
    add(Rows.saga("undone").status("failed").step("01", "succeed", "failed").build());
    for (var topic : SampleReference.TOPICS) {
      add("topics", topic.name(), topic.subscribers());
    }
    add("others", "orders", "not a list");
  }

  private void add(ReferenceTransaction row) throws SQLException {
    insert(
        "trans_global(gid, trans_type, status, query_prepared, protocol, options, custom_data,"
            + " rollback_reason, create_time, update_time, next_cron_time, next_cron_interval)",
        List.of(
            row.gid(),
            row.transType(),
            row.status(),
            row.queryPrepared(),
            row.protocol(),
            row.options(),
            row.customData(),
            row.outcome().rollbackReason()),
        List.of(
            time(row.times().createTime()),
            time(row.times().updateTime()),
            time(row.times().nextCronTime()),
            value(row.times().nextCronInterval() == 0 ? null : row.times().nextCronInterval())));
    try (var statement =
        prepare(
            "trans_branch_op(gid, branch_id, op, status, url, bin_data, create_time,"
                + " update_time, finish_time)",
            9)) {
      for (var branch : row.branches()) {
        statement.setString(1, row.gid());
        statement.setString(2, branch.branchId());
        statement.setString(3, branch.op());
        statement.setString(4, branch.status());
        statement.setString(5, branch.url());
        statement.setBytes(6, branch.binData().isEmpty() ? null : branch.binData().bytes());
        statement.setObject(7, time(branch.times().createTime()).value());
        statement.setObject(8, time(branch.times().updateTime()).value());
        statement.setObject(9, time(branch.times().finishTime()).value());
        statement.addBatch();
      }
      var unused = statement.executeBatch();
    }
  }

  private void add(String category, String key, String value) throws SQLException {
    insert("kv(cat, k, v)", List.of(category, key, value), List.of());
  }

  /** A value that may be null. */
  private record Value(@Nullable Object value) {}

  private Value time(@Nullable Instant instant) {
    return value(instant == null ? null : times.apply(instant));
  }

  private static Value value(@Nullable Object value) {
    return new Value(value);
  }

  private void insert(String table, List<String> texts, List<Value> others) throws SQLException {
    var values = new ArrayList<Value>();
    texts.forEach(text -> values.add(value(text)));
    values.addAll(others);
    try (var statement = prepare(table, values.size())) {
      for (int i = 0; i < values.size(); i++) {
        statement.setObject(i + 1, values.get(i).value());
      }
      statement.executeUpdate();
    }
  }

  private PreparedStatement prepare(String table, int columns) throws SQLException {
    return connection.prepareStatement(
        "insert into %s values (%s)".formatted(table, "?" + ", ?".repeat(columns - 1)));
  }
}
