package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server's clock is read right wherever the server thinks it is. */
final class DatabaseClockTest {

  @ParameterizedTest
  @EnumSource
  void theTimeZoneOfTheServerDoesNotMatter(TestDatabase kind) throws SQLException {
    var url = kind.newDatabase();
    var database = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    switch (kind) {
      case MARIADB -> TestDatabase.execute(url, "SET GLOBAL time_zone = '+09:00'");
      case POSTGRESQL ->
          TestDatabase.execute(url, "ALTER DATABASE %s SET timezone = '+09'".formatted(database));
    }
    try (var store = JdbcTransactionStore.open(TestDatabase.config(url))) {
      assertThat(store.clock().instant()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    } finally {
      if (kind == TestDatabase.MARIADB) {
        TestDatabase.execute(url, "SET GLOBAL time_zone = 'SYSTEM'");
      }
    }
  }
}
