package io.dtm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.MariaDbServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImportCommandTest {
  private static final MariaDbServer SERVER = MariaDbServer.start();

  @TempDir private Path folder = Path.of(".");

  @BeforeAll
  static void fill() throws SQLException {
    SERVER.createDatabase("dtm");
    SERVER.createDatabase("odd");
    for (var database : new String[] {"dtm", "odd"}) {
      execute(
          database,
          """
          create table trans_global(id bigint primary key auto_increment, gid varchar(128),
            trans_type varchar(45), status varchar(12), query_prepared varchar(1024),
            protocol varchar(45), create_time datetime, update_time datetime,
            options varchar(1024), custom_data varchar(1024), next_cron_interval int,
            next_cron_time datetime, owner varchar(128), rollback_reason varchar(1024),
            result varchar(1024))
          """,
          """
          create table trans_branch_op(id bigint primary key auto_increment, gid varchar(128),
            url varchar(1024), bin_data blob, branch_id varchar(128), op varchar(45),
            status varchar(45), create_time datetime, update_time datetime, finish_time datetime)
          """,
          "create table kv(id bigint primary key auto_increment, cat varchar(45), k varchar(128),"
              + " v text)",
          "insert into trans_global(gid, trans_type, status, protocol, create_time)"
              + " values ('a', 'saga', 'submitted', 'http', now()),"
              + " ('b', 'tcc', 'prepared', 'http', now())",
          "insert into trans_branch_op(gid, branch_id, op, status, url)"
              + " values ('a', '01', 'compensate', 'prepared', 'http://h/c'),"
              + " ('a', '01', 'action', 'prepared', 'http://h/a')",
          "insert into kv(cat, k, v) values ('topics', 'orders', '[{\"url\":\"http://h\"}]')");
    }
    execute(
        "odd", "insert into trans_global(gid, trans_type, status) values ('x', 'saga', 'what')");
    execute(
        "dtm",
        "create user 'dtm'@'%' identified by 'top-secret'",
        "grant select on dtm.* to 'dtm'@'%'");
  }

  private static void execute(String database, String... commands) throws SQLException {
    try (var connection = DriverManager.getConnection(SERVER.jdbcUrl(database));
        var statement = connection.createStatement()) {
      for (var command : commands) {
        statement.execute(command);
      }
    }
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static String url(String user, String database) {
    return "mysql://%s@%s:%d/%s?sslMode=disable"
        .formatted(user, SERVER.host(), SERVER.port(), database);
  }

  private CommandRun run(String user, String database, String... more) {
    var environment =
        Map.of("STORE_DATA_DIR", folder.toString(), "DTM_SOURCE_PASSWORD", "top-secret");
    var arguments = new String[3 + more.length];
    arguments[0] = "import";
    arguments[1] = "--watch=0";
    arguments[2] = "--from=" + url(user, database);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return CommandRun.of(environment, arguments);
  }

  @Test
  void itSaysFirstWhatItWouldDoAndThenDoesItOnce() {
    var dry = run("dtm", "dtm");
    var applied = run("dtm", "dtm", "--apply");
    var again = run("dtm", "dtm", "--apply");

    assertThat(dry.out())
        .contains("from  mysql://dtm@", "to    rocksdb in " + folder)
        .containsPattern("(?m)^mode +status +would be new +already there +branches$")
        .containsPattern("(?m)^saga +submitted +1 +0 +2$")
        .containsPattern("(?m)^tcc +prepared +1 +0 +0$")
        .containsPattern("(?m)^transactions +2 +0 +2$")
        .containsPattern("(?m)^topics +1 +0$")
        .contains("2 of 2 transactions, 2 of 2 branches and 1 of 1 topics can be imported.")
        .contains("Nothing was written");
    assertThat(applied.out())
        .containsPattern("(?m)^transactions +2 +0 +2$")
        .contains(
            "Verified: 2 of 2 transactions, 2 of 2 branches and 1 of 1 topics are in the store.");
    assertThat(again.out()).containsPattern("(?m)^transactions +0 +2 +2$");
    for (var run : new CommandRun[] {dry, applied, again}) {
      assertThat(run.err()).isEmpty();
      assertThat(run.code()).isZero();
      assertThat(run.out()).doesNotContain("top-secret");
    }
  }

  @Test
  void whatCannotBeImportedIsNamedAndEndsWithOne() {
    var run = run("root:", "odd", "--apply");

    assertThat(run.code()).isOne();
    assertThat(run.out()).contains("Verified: 2 of 3 transactions");
    assertThat(run.err())
        .isEqualTo(
            "dtm: x: status: \"what\" (expected: one of prepared, submitted, aborting, succeed,"
                + " failed)"
                + System.lineSeparator());
  }

  @Test
  void aSourceThatDoesNotLetUsInSaysSo() {
    var run = run("somebody", "dtm");

    assertThat(run.code()).isOne();
    assertThat(run.err())
        .startsWith("dtm: mysql://somebody@")
        .contains("Access denied")
        .doesNotContain("top-secret", "\tat ");
  }

  @Test
  void aStoreThatForgetsIsNoTarget() {
    var run =
        CommandRun.of(Map.of("STORE_DRIVER", "memory"), "import", "--from=" + url("root", "dtm"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("Store.Driver: memory (expected: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--from=boltdb://dtm.bolt",
        "--from=mysql://me:top-secret@h:x/dtm",
        "--from=mysql://me:top-secret@h/dtm?zone=there",
        "--from=redis://h/0?prefx=a",
        "--from=sqlserver://h/dtm",
      })
  void whatIsNotUnderstoodEndsWithTwo(String option) {
    var run =
        option.isEmpty()
            ? CommandRun.of(Map.of(), "import")
            : CommandRun.of(Map.of("STORE_DATA_DIR", folder.toString()), "import", option);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--from").doesNotContain("top-secret", "\tat ");
  }
}
