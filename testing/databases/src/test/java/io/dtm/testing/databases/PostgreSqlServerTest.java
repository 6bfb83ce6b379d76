package io.dtm.testing.databases;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PostgreSqlServerTest extends DatabaseServerContract {
  private @Nullable PostgreSqlServer postgreSql;

  @Override
  PostgreSqlServer server() {
    return requireNonNull(postgreSql);
  }

  @Override
  void startServer() {
    postgreSql = PostgreSqlServer.start();
    query("CREATE TABLE note (value TEXT)");
  }

  @Override
  void write(String value) {
    query("TRUNCATE note; INSERT INTO note VALUES ('%s')".formatted(value));
  }

  @Override
  String read() {
    return query("SELECT value FROM note");
  }

  private String query(String sql) {
    return server().query(sql);
  }

  @Test
  void countsWhatItMakesDurable() {
    var before = server().durableCommits().orElseThrow();

    write("counted");

    assertThat(server().durableCommits().orElseThrow()).isGreaterThan(before);
  }

  @Test
  void syncsEachCommitAndTakesManyConnections() {
    assertThat(
            query(
                "SELECT current_setting('fsync'), current_setting('synchronous_commit'),"
                    + " current_setting('max_connections')::int >= 200"))
        .isEqualTo("on|on|t");
  }

  @Test
  void createsADatabaseForTheUrlOfTheSameName() {
    server().createDatabase("Bank-1");

    assertThat(query("SELECT datname FROM pg_database WHERE datname = 'Bank-1'"))
        .isEqualTo("Bank-1");
    assertThat(server().jdbcUrl("Bank-1"))
        .isEqualTo(
            "jdbc:postgresql://127.0.0.1:%d/Bank-1?user=postgres&sslmode=disable"
                .formatted(server().port()));
  }
}
