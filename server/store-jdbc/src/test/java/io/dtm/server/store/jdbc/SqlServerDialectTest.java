package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The statements for SQL Server by their text alone: none of them is run against a server here. */
final class SqlServerDialectTest {
  private final SqlServerDialect dialect = new SqlServerDialect();

  @Test
  void takenGidsAreLeftToTheIndex() {
    assertThat(dialect.insert(2))
        .isEqualTo(
            "INSERT INTO dtm_transaction (gid, mode, status, version, phase, claimed, created_at,"
                + " next_at, definition, appended, progress)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    assertThat(dialect.insertSetting())
        .isEqualTo(
            "INSERT INTO dtm_setting (category, name, value, version, created_at, updated_at)"
                + " VALUES (?, ?, ?, ?, ?, ?)");
  }

  @Test
  void anUpdateNamesItsValuesInTheirOrder() {
    var start =
        "UPDATE dtm_transaction SET status = ?, version = ?, phase = ?, claimed = ?, next_at = ?,"
            + " progress = ?";
    var end = " WHERE gid = ? AND version = ? AND created_at = ?";

    assertThat(dialect.update(Dialect.Shape.PROGRESS)).isEqualTo(start + end);
    assertThat(dialect.update(Dialect.Shape.APPEND))
        .isEqualTo(start + ", appended = appended + ?" + end);
    assertThat(dialect.update(Dialect.Shape.REDEFINE))
        .isEqualTo(start + ", definition = ?, appended = 0x" + end);
  }

  @Test
  void aSelectionLeavesOutWhatOthersHaveLocked() {
    assertThat(dialect.select("gid", "phase = ?", "next_at"))
        .isEqualToNormalizingWhitespace(
            "SELECT gid FROM dtm_transaction WHERE phase = ? ORDER BY next_at"
                + " OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY");
    assertThat(dialect.selectByTime("gid", "phase = 0 AND next_at = ? AND gid > ?", "gid"))
        .isEqualToNormalizingWhitespace(
            "SELECT gid FROM dtm_transaction WHERE phase = 0 AND next_at = ? AND gid > ? ORDER BY gid"
                + " OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY");
    assertThat(dialect.selectForUpdate("gid", "phase = ?", "next_at"))
        .isEqualToNormalizingWhitespace(
            "SELECT gid FROM dtm_transaction WITH (ROWLOCK, UPDLOCK, READPAST) WHERE phase = ?"
                + " ORDER BY next_at OFFSET 0 ROWS FETCH NEXT ? ROWS ONLY");
    assertThat(dialect.lockUnlessLocked())
        .isEqualTo(
            "SELECT gid FROM dtm_transaction WITH (ROWLOCK, UPDLOCK, READPAST) WHERE gid = ?");
  }

  @Test
  void itsOperatorsMakeTheTables() {
    assertThat(dialect.migrations()).isEmpty();
  }

  @Test
  void theDriverIsToldTheTimeouts() {
    var config =
        JdbcStoreConfig.defaults("jdbc:sqlserver://db", "", "")
            .withTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(5));

    assertThat(dialect.driverProperties(config, config.lockTimeout()))
        .containsEntry("loginTimeout", "2")
        .containsEntry("socketTimeout", "5000")
        .containsEntry("lockTimeout", "1000");
  }
}
