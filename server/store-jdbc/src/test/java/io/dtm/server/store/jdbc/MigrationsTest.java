package io.dtm.server.store.jdbc;

import static io.dtm.testing.store.testkit.TransactionBuilder.aSaga;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.Gid;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.testing.store.testkit.Crowd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The schema: made once, whoever comes first, and left alone when it is not ours to change. */
final class MigrationsTest {
  private static final Path FOLDER = Path.of("src/main/resources/io/dtm/server/store/jdbc");

  @ParameterizedTest
  @EnumSource
  void nodesThatStartAtTheSameMomentAllComeUp(TestDatabase kind) throws Exception {
    var url = kind.newDatabase();
    var nodes = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 4; i++) {
      var gid = new Gid("a-" + i);
      nodes.add(() -> {
        try (var store = JdbcTransactionStore.open(TestDatabase.config(url))) {
          store.apply(List.of(new WriteCommand.Create(aSaga(gid.value()).build())));
          return store.find(gid).isPresent();
        }
      });
    }

    assertThat(Crowd.run(nodes)).containsOnly(true).hasSize(4);
    assertThat(TestDatabase.query(url, "SELECT version FROM dtm_schema_history"))
        .containsExactly(String.valueOf(Migrations.VERSION));
  }

  @ParameterizedTest
  @EnumSource
  void aSchemaOfANewerServerIsRefused(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    JdbcTransactionStore.open(TestDatabase.config(url)).close();
    TestDatabase.execute(
        url,
        "INSERT INTO dtm_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success) VALUES (2, '2', 'newer', 'SQL',"
            + " 'V2__newer.sql', 0, 'somebody', 1, TRUE)");

    assertThatThrownBy(() -> JdbcTransactionStore.open(TestDatabase.config(url)))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessage(
            "%s: its schema has version 2 (supported: up to 1); a newer server has made it"
                .formatted(url.substring(0, url.indexOf('?'))));
  }

  @ParameterizedTest
  @EnumSource
  void tablesOfTheReferenceAreNotInTheWay(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    TestDatabase.execute(
        url,
        "CREATE TABLE trans_global (id bigint PRIMARY KEY, gid varchar(128))",
        "CREATE TABLE trans_branch_op (id bigint PRIMARY KEY, gid varchar(128))",
        "INSERT INTO trans_global VALUES (1, 'theirs')");

    assertIsAStore(TestDatabase.config(url));

    assertThat(TestDatabase.query(url, "SELECT gid FROM trans_global")).containsExactly("theirs");
  }

  private static void assertIsAStore(JdbcStoreConfig config) {
    var saga = aSaga("a").step("debit").build();
    try (var store = JdbcTransactionStore.open(config)) {
      assertThat(store.find(saga.gid())).isEmpty();
      assertThat(store.apply(List.of(new WriteCommand.Create(saga))))
          .containsExactly(new WriteOutcome.Applied());
    }
    try (var store = JdbcTransactionStore.open(config)) {
      assertThat(store.find(saga.gid())).contains(saga);
    }
  }

  @Test
  void schemasOfOneDatabaseAreStoresOfTheirOwn() throws SQLException {
    var url = TestDatabase.POSTGRESQL.newDatabase();
    var config = TestDatabase.config(url);

    assertIsAStore(config);
    assertIsAStore(config.withSchema("first"));
    assertIsAStore(config.withSchema("Second one"));

    assertThat(
            TestDatabase.query(
                url,
                "SELECT schemaname FROM pg_tables WHERE tablename = 'dtm_transaction' ORDER BY 1"))
        .containsExactly("Second one", "first", "public");
  }

  @ParameterizedTest
  @Execution(ExecutionMode.CONCURRENT)
  @EnumSource
  void aUserWhoMayNotMakeTablesIsToldSo(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    var user = "reader_" + url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    var config =
        switch (kind) {
          case MARIADB -> {
            TestDatabase.execute(
                url,
                "CREATE USER %s IDENTIFIED BY 'open sesame'".formatted(user),
                "GRANT SELECT ON *.* TO " + user);
            yield withUser(url.replace("user=root&password=&", ""), user);
          }
          case POSTGRESQL -> {
            TestDatabase.execute(
                url,
                "CREATE USER %s PASSWORD 'open sesame'".formatted(user),
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            yield withUser(url.replace("user=postgres&", ""), user);
          }
        };

    assertThatThrownBy(() -> JdbcTransactionStore.open(config))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("its schema cannot be brought up to date: ")
        .hasMessageContaining("denied")
        .hasMessageNotContaining("sesame");
  }

  private static JdbcStoreConfig withUser(String url, String user) {
    return JdbcStoreConfig.defaults(url, user, "open sesame")
        .withConnections(2, 0, Duration.ofMinutes(5));
  }

  @ParameterizedTest
  @EnumSource
  void aPoolOfOneConnectionIsEnough(TestDatabase kind) {
    assertIsAStore(
        TestDatabase.config(kind.newDatabase()).withConnections(1, 1, Duration.ofMinutes(5)));
  }

  /** A server of few connections gives none to the migration that the pool has taken already. */
  @ParameterizedTest
  @EnumSource
  void aServerThatHasFewerConnectionsThanThePoolWantsIsEnough(TestDatabase kind)
      throws SQLException {
    var url = kind.newDatabase();
    var user = "few_" + url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    var own =
        switch (kind) {
          case MARIADB -> {
            TestDatabase.execute(
                url,
                "CREATE USER %s IDENTIFIED BY 'open sesame' WITH MAX_USER_CONNECTIONS 5"
                    .formatted(user),
                "GRANT ALL ON *.* TO " + user,
                "REVOKE SUPER ON *.* FROM " + user);
            yield url.replace("user=root&password=&", "");
          }
          case POSTGRESQL -> {
            TestDatabase.execute(
                url,
                "CREATE USER %s PASSWORD 'open sesame' CONNECTION LIMIT 5".formatted(user),
                "GRANT ALL ON SCHEMA public TO " + user);
            yield url.replace("user=postgres&", "");
          }
        };

    assertIsAStore(JdbcStoreConfig.defaults(own, user, "open sesame"));
  }

  @Test
  void everyFolderHasTheSameVersionsAndTheNewestIsOurs() throws IOException {
    var versions = versions("mysql");

    assertThat(versions).isEqualTo(versions("postgresql")).isEqualTo(versions("sqlserver"));
    assertThat(versions.getLast()).isEqualTo(Migrations.VERSION);
  }

  private static List<Integer> versions(String folder) throws IOException {
    try (var files = Files.list(FOLDER.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
          .sorted()
          .toList();
    }
  }
}
