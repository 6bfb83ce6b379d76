package io.dtm.server.store.jdbc;

import static io.dtm.server.store.jdbc.SqlFailure.Kind.CONNECTION_LOST;
import static io.dtm.server.store.jdbc.SqlFailure.Kind.NO_CONNECTION;
import static io.dtm.server.store.jdbc.SqlFailure.Kind.REFUSED;
import static io.dtm.server.store.jdbc.SqlFailure.Kind.TIMED_OUT;
import static io.dtm.server.store.jdbc.SqlFailure.Kind.UNDONE;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be done again without anybody asking, and what may not. */
final class SqlFailureTest {

  @ParameterizedTest
  @CsvSource({
    "40001, 1213, UNDONE",
    "40P01, 0, UNDONE",
    "40001, 1205, UNDONE",
    "HY000, 1205, LOCKED",
    "55P03, 0, LOCKED",
    "S0051, 1222, LOCKED",
    "08S01, 0, CONNECTION_LOST",
    "08006, 0, CONNECTION_LOST",
    "57P01, 0, CONNECTION_LOST",
    // Of the class of what is undone, but nobody knows.
    "40003, 0, CONNECTION_LOST",
    "42P01, 0, REFUSED",
    "57014, 0, REFUSED",
    "25006, 0, READ_ONLY",
    "HY000, 1290, READ_ONLY",
    "23505, 0, REFUSED"
  })
  void theStateTellsWhatWentWrong(String state, int code, SqlFailure.Kind kind) {
    var failure = SqlFailure.of(new SQLException("no", state, code), false);

    assertThat(failure.kind()).isEqualTo(kind);
  }

  @Test
  void aLostConnectionIsTriedAgainOnlyBeforeTheCommit() {
    var lost = new SQLNonTransientConnectionException("gone", "08000");

    assertThat(SqlFailure.of(lost, false).kind()).isEqualTo(CONNECTION_LOST);
    assertThat(SqlFailure.of(lost, false).mayTryAgain()).isTrue();
    assertThat(SqlFailure.of(lost, false).describe())
        .isEqualTo("the connection was lost; nothing was written: gone");
    assertThat(SqlFailure.of(lost, true).mayTryAgain()).isFalse();
    assertThat(SqlFailure.of(lost, true).describe())
        .isEqualTo("the connection was lost during a commit, which may have happened or not: gone");
  }

  @Test
  void aFailureOfABatchIsWhatItWraps() {
    var lost = new SQLNonTransientConnectionException("(conn=7) Socket error", "08000");

    var failure = SqlFailure.of(new SQLException(lost), false);

    assertThat(failure.kind()).isEqualTo(CONNECTION_LOST);
    assertThat(failure.describe())
        .isEqualTo("the connection was lost; nothing was written: Socket error");
  }

  @Test
  void aCommitOfUnknownEndIsNeverTriedAgain() {
    var unknown = new SQLException("result is ambiguous", "40003");

    assertThat(SqlFailure.of(unknown, true).mayTryAgain()).isFalse();
  }

  @Test
  void whatWasUndoneIsTriedAgainEvenAtTheCommit() {
    var undone = new SQLException("could not serialize", "40001");

    assertThat(SqlFailure.of(undone, true).kind()).isEqualTo(UNDONE);
    assertThat(SqlFailure.of(undone, true).mayTryAgain()).isTrue();
  }

  @Test
  void whatIsLockedIsLeftToWhoeverAsked() {
    var locked = SqlFailure.of(new SQLException("lock timeout", "55P03"), false);

    assertThat(locked.mayTryAgain()).isFalse();
    assertThat(locked.isOfConnection()).isFalse();
    assertThat(locked.describe())
        .isEqualTo("locked by somebody else; nothing was written: lock timeout");
  }

  @Test
  void whatTookTooLongIsNotTriedAgain() {
    var late = new SQLException("I/O error", "08006", new SocketTimeoutException("Read timed out"));

    assertThat(SqlFailure.of(late, false).kind()).isEqualTo(TIMED_OUT);
    assertThat(SqlFailure.of(late, false).mayTryAgain()).isFalse();
    assertThat(SqlFailure.of(late, true).describe())
        .isEqualTo("no answer in time during a commit, which may have happened or not: I/O error");
  }

  @Test
  void anEmptyPoolIsNotALostConnection() {
    var none =
        new SQLTransientConnectionException(
            "dtm-store - Connection is not available", "08001", new SQLException("refused\nhint"));

    assertThat(SqlFailure.of(none, false).kind()).isEqualTo(NO_CONNECTION);
    assertThat(SqlFailure.of(none, false).mayTryAgain()).isFalse();
    assertThat(SqlFailure.of(none, false).describe()).isEqualTo("no connection: refused");
  }

  @Test
  void anythingElseIsShownWithItsState() {
    var refused = SqlFailure.of(new SQLException("no such table", "42S02"), false);

    assertThat(refused.kind()).isEqualTo(REFUSED);
    assertThat(refused.mayTryAgain()).isFalse();
    assertThat(refused.describe()).isEqualTo("refused (SQL state 42S02): no such table");
  }
}
