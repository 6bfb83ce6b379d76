package io.dtm.barrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The statements by their text. Those of SQL Server and Oracle are tried in no other way: no server
 * is to be had here.
 */
class SqlDialectTest {
  private static final String ROW =
      " (trans_type, gid, branch_id, op, barrier_id, reason) VALUES (?, ?, ?, ?, ?, ?)";
  private static final String PLACE =
      " WHERE gid = ? AND branch_id = ? AND op = ? AND barrier_id = ?";

  @Test
  void aMarkThatIsThereIsLeftOut() {
    assertThat(SqlDialect.MYSQL.insertInto("t")).isEqualTo("INSERT IGNORE INTO t" + ROW);
    assertThat(SqlDialect.POSTGRESQL.insertInto("t"))
        .isEqualTo(
            "INSERT INTO t" + ROW + " ON CONFLICT (gid, branch_id, op, barrier_id) DO NOTHING");
    assertThat(SqlDialect.SQL_SERVER.insertInto("t")).isEqualTo("INSERT INTO t" + ROW);
    assertThat(SqlDialect.ORACLE.insertInto("t")).isEqualTo("INSERT INTO t" + ROW);
  }

  @Test
  void theReasonOfAMarkIsReadAsItIsNow() {
    assertThat(SqlDialect.MYSQL.selectReason("t"))
        .isEqualTo("SELECT reason FROM t" + PLACE + " LOCK IN SHARE MODE");
    assertThat(SqlDialect.SQL_SERVER.selectReason("t")).isEqualTo("SELECT reason FROM t" + PLACE);
    assertThat(SqlDialect.ORACLE.selectReason("t")).isEqualTo("SELECT reason FROM t" + PLACE);
  }

  @Test
  void oracleAndSqlServerSayThatAMarkIsThereByAnError() {
    var oracle = new SQLIntegrityConstraintViolationException("ORA-00001", "23000", 1);
    var missing = new SQLIntegrityConstraintViolationException("ORA-01400", "23000", 1400);

    assertThat(SqlDialect.ORACLE.isTaken(oracle)).isTrue();
    assertThat(SqlDialect.ORACLE.isTaken(missing)).isFalse();
    assertThat(SqlDialect.SQL_SERVER.isTaken(new SQLException("dup", "S0001", 2601))).isTrue();
    assertThat(SqlDialect.SQL_SERVER.isTaken(new SQLException("dup", "S0001", 2627))).isTrue();
    assertThat(SqlDialect.SQL_SERVER.isTaken(new SQLException("null", "S0001", 515))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "MySQL, MYSQL",
    "MariaDB, MYSQL",
    "PostgreSQL, POSTGRESQL",
    "Microsoft SQL Server, SQL_SERVER",
    "Oracle, ORACLE",
    "H2, H2"
  })
  void aDatabaseIsKnownByTheNameThatItsDriverGives(String product, SqlDialect dialect) {
    assertThat(SqlDialect.named(product)).isEqualTo(dialect);
  }

  @Test
  void anotherDatabaseIsRefused() {
    assertThatThrownBy(() -> SqlDialect.named("Apache Derby"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("database: 'Apache Derby' (expected: MySQL, MariaDB,");
  }

  @ParameterizedTest
  @EnumSource
  void theScriptOnTheClassPathMakesTheTableOfTheDefaultName(SqlDialect dialect) {
    assertThat(dialect.createScript())
        .containsPattern(
            "CREATE TABLE (IF NOT EXISTS )?" + dialect.defaultTable().replace(".", "\\.") + " \\(")
        .contains("(gid, branch_id, op, barrier_id)");
  }

  @Test
  void theIndexOfSqlServerLeavesOutWhatIsThere() {
    assertThat(SqlDialect.SQL_SERVER.createScript())
        .contains("(gid, branch_id, op, barrier_id) WITH (IGNORE_DUP_KEY = ON)");
  }
}
