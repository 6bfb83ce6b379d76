package io.dtm.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.testing.databases.MariaDbServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The reference wrote in a zone that is eight hours ahead. */
class ReferenceMariaDbTest extends ReferenceStoreContract {
  private final MariaDbServer server = MariaDbServer.start();

  @BeforeAll
  void fill() throws SQLException {
    server.createDatabase("dtm");
    try (var connection = DriverManager.getConnection(server.jdbcUrl("dtm"))) {
      var rows =
          new SqlRows(connection, time -> LocalDateTime.ofInstant(time, ZoneOffset.ofHours(8)));
      rows.createTables("reference-mysql.sql");
      rows.fill();
    }
  }

  @AfterAll
  void close() {
    server.close();
  }

  private ReferenceUrl url(String text) {
    return ReferenceUrl.parse(text.formatted(server.host(), server.port()), "");
  }

  @Override
  ReferenceUrl url() {
    return url("mysql://root@%s:%d/dtm?sslMode=disable&zone=%%2B08:00");
  }

  @Override
  List<String> oddGids() {
    return List.of();
  }

  @Test
  void aReferenceThatWorksLeavesAMark() throws SQLException {
    try (var store = ReferenceStores.open(url());
        var connection = DriverManager.getConnection(server.jdbcUrl("dtm"));
        var statement = connection.createStatement()) {
      var before = store.mark();
      statement.executeUpdate("update trans_global set owner = 'x' where gid = 'saga-half'");
      assertThat(store.mark()).isNotEqualTo(before);
      statement.executeUpdate("update trans_global set owner = '' where gid = 'saga-half'");
      assertThat(store.mark()).isEqualTo(before);
    }
  }

  @Test
  void aZeroDateIsNone() throws SQLException {
    server.createDatabase("zero");
    try (var connection = DriverManager.getConnection(server.jdbcUrl("zero"));
        var statement = connection.createStatement()) {
      new SqlRows(connection, time -> time).createTables("reference-mysql.sql");
      statement.execute("set sql_mode = ''");
      statement.executeUpdate(
          "insert into trans_global(gid, trans_type, status, query_prepared, protocol, create_time)"
              + " values ('a', 'tcc', 'prepared', '', 'http', '0000-00-00 00:00:00')");
    }
    try (var store = ReferenceStores.open(url("mysql://root@%s:%d/zero?sslMode=disable"))) {
      var row = (ReferenceStore.Row.Found) store.list("", 10).rows().getFirst();
      assertThat(row.transaction().times().createTime()).isNull();
    }
  }

  @Test
  void aTimeThatIsNoneConcernsItsTransactionAndNotTheImport() throws SQLException {
    server.createDatabase("months");
    try (var connection = DriverManager.getConnection(server.jdbcUrl("months"));
        var statement = connection.createStatement()) {
      new SqlRows(connection, time -> time).createTables("reference-mysql.sql");
      statement.execute("set sql_mode = ''");
      statement.executeUpdate(
          "insert into trans_global(gid, trans_type, status, query_prepared, protocol, create_time)"
              + " values ('a', 'tcc', 'prepared', '', 'http', '2026-00-00 00:00:00'),"
              + " ('b', 'tcc', 'prepared', '', 'http', now()),"
              + " ('c', 'tcc', 'prepared', '', 'http', now())");
      statement.executeUpdate(
          "insert into trans_branch_op(gid, url, branch_id, op, status, create_time)"
              + " values ('c', 'http://c', '01', 'confirm', 'prepared', '2026-00-00 00:00:00')");
    }
    try (var store = ReferenceStores.open(url("mysql://root@%s:%d/months?sslMode=disable"))) {
      assertThat(store.list("", 10).rows())
          .extracting(row -> row.gid() + " " + (row instanceof ReferenceStore.Row.Damaged))
          .containsExactly("a true", "b false", "c true");
    }
  }

  @Test
  void whatIsNoStoreOfAReferenceSaysSo() {
    server.createDatabase("empty");

    try (var store = ReferenceStores.open(url("mysql://root@%s:%d/empty?sslMode=disable"))) {
      assertThatThrownBy(store::counts)
          .isInstanceOf(ReferenceUnreadable.class)
          .hasMessageContaining("trans_global");
    }
    assertThatThrownBy(
            () -> ReferenceStores.open(url("mysql://no:secret@%s:%d/dtm?sslMode=disable")))
        .isInstanceOf(ReferenceUnreadable.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> ReferenceStores.open(url("mysql://root@%s:%d/dtm?zone=there")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("zone: there");
  }
}
