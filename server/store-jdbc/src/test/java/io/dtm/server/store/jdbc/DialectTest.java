package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of statements, and the scripts of the tables. */
final class DialectTest {
  private static final Path SCRIPTS = Path.of("src/main/resources/io/dtm/server/store/jdbc");
  private static final Pattern COLUMN =
      Pattern.compile("^ {2}([a-z_]+) [a-z]+(\\(| )", Pattern.MULTILINE);

  static Stream<Dialect> all() {
    return Stream.of(new MySqlDialect(), new PostgreSqlDialect(), new SqlServerDialect());
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mariadb://db/dtm, MySqlDialect",
    "'jdbc:mariadb:sequential://one,two/dtm', MySqlDialect",
    "jdbc:postgresql://db/dtm, PostgreSqlDialect",
    "jdbc:sqlserver://db;databaseName=dtm, SqlServerDialect"
  })
  void theUrlTellsTheDialect(String url, String dialect) {
    assertThat(Dialect.of(url).getClass().getSimpleName()).isEqualTo(dialect);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "db:3306", "jdbc:mysql://db/dtm", "jdbc:oracle:thin:@xyzzy"})
  void anyOtherUrlIsRefusedAndNotShown(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.of(url))
        .withMessage(
            "url: not that of a database we know (expected: jdbc:mariadb:… for MariaDB and MySQL,"
                + " jdbc:postgresql:… or jdbc:sqlserver:…)");
  }

  @Test
  void aUrlMustNotChangeWhatAffectedRowsMean() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dialect.of("jdbc:mariadb://db/dtm?useAffectedRows=false"))
        .withMessageContaining("url: sets useAffectedRows");
  }

  @ParameterizedTest
  @MethodSource("all")
  void statementsHaveAsManyParametersAsTheyAreGivenValues(Dialect dialect) {
    assertThat(parameters(dialect.insert(1))).isEqualTo(Dialect.COLUMN_COUNT);
    assertThat(parameters(dialect.insert(64))).isEqualTo(64L * Dialect.COLUMN_COUNT);
    assertThat(parameters(dialect.update(Dialect.Shape.PROGRESS))).isEqualTo(9);
    assertThat(parameters(dialect.update(Dialect.Shape.APPEND))).isEqualTo(10);
    assertThat(parameters(dialect.update(Dialect.Shape.REDEFINE))).isEqualTo(10);
    assertThat(parameters(dialect.select("gid", "phase = ?", "next_at"))).isEqualTo(2);
    assertThat(parameters(dialect.selectByTime("gid", "phase = ?", "next_at"))).isEqualTo(2);
    assertThat(parameters(dialect.selectForUpdate("gid", "phase = ?", "next_at"))).isEqualTo(2);
    assertThat(parameters(dialect.lockUnlessLocked())).isEqualTo(1);
    assertThat(parameters(dialect.insertSetting())).isEqualTo(6);
    assertThat(parameters(dialect.time())).isZero();
  }

  private static long parameters(String sql) {
    return sql.chars().filter(c -> c == '?').count();
  }

  @Test
  void theScriptsMakeTheSameTables() throws IOException {
    var ofMySql = columns("mysql");

    assertThat(ofMySql)
        .startsWith("id", "gid", "mode", "status")
        .endsWith("category", "name", "value", "version", "created_at", "updated_at");
    assertThat(columns("sqlserver")).isEqualTo(ofMySql);
    assertThat(columns("postgresql")).isEqualTo(ofMySql.subList(1, ofMySql.size()));
    assertThat(ofMySql.subList(1, 1 + Dialect.COLUMN_COUNT))
        .isEqualTo(List.of(Dialect.COLUMNS.split(", ")));
  }

  private static List<String> columns(String folder) throws IOException {
    var script =
        Files.readString(SCRIPTS.resolve(folder).resolve("V1__transactions_and_settings.sql"));
    return COLUMN.matcher(script).results().map(found -> found.group(1)).toList();
  }
}
