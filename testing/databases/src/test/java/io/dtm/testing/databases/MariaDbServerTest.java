package io.dtm.testing.databases;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MariaDbServerTest extends DatabaseServerContract {
  private @Nullable MariaDbServer mariaDb;

  @Override
  MariaDbServer server() {
    return requireNonNull(mariaDb);
  }

  @Override
  void startServer() {
    mariaDb = MariaDbServer.start();
    mariaDb.createDatabase("kept-data");
    query("CREATE TABLE `kept-data`.note (id INT PRIMARY KEY, value VARCHAR(50))");
  }

  @Override
  void write(String value) {
    query("REPLACE INTO `kept-data`.note VALUES (1, '%s')".formatted(value));
  }

  @Override
  String read() {
    return query("SELECT value FROM `kept-data`.note");
  }

  private String query(String sql) {
    return server().query(sql);
  }

  @Test
  void syncsEachCommit() {
    assertThat(query("SELECT @@log_bin, @@sync_binlog, @@innodb_flush_log_at_trx_commit"))
        .isEqualTo("1\t1\t1");
  }

  @Test
  void countsWhatItMakesDurable() {
    var before = server().durableCommits().orElseThrow();

    write("counted");

    assertThat(server().durableCommits().orElseThrow()).isGreaterThan(before);
  }

  @Test
  void tellsDriversWhereItIs() {
    assertThat(server().jdbcUrl("kept-data"))
        .isEqualTo(
            "jdbc:mariadb://127.0.0.1:%d/kept-data?user=root&password=&sslMode=disable"
                .formatted(server().port()));
  }

  @Test
  void refusesADatabaseNameThatNeedsEscaping() {
    assertThatThrownBy(() -> server().createDatabase("a`b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("database name 'a`b' (expected: [A-Za-z0-9_-]{1,63})");
  }
}
