package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator sets for each session in the URL of a database, beside what we set. */
final class SessionSettingsTest {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource({
    "MARIADB, '', @@innodb_lock_wait_timeout, 2",
    "MARIADB, '&sessionVariables=wait_timeout=1234', @@innodb_lock_wait_timeout, 2",
    "MARIADB, '&sessionVariables=wait_timeout=1234', @@wait_timeout, 1234",
    "MARIADB, '&sessionVariables=wait_timeout=1234&tcpKeepAlive=true', @@wait_timeout, 1234",
    "MARIADB, '&sessionVariables=innodb_lock_wait_timeout=7', @@innodb_lock_wait_timeout, 7",
    "POSTGRESQL, '', current_setting('lock_timeout'), 2s",
    "POSTGRESQL, '&options=-c%20statement_timeout=9s', current_setting('lock_timeout'), 2s",
    "POSTGRESQL, '&options=-c%20statement_timeout=9s', current_setting('statement_timeout'), 9s",
    "POSTGRESQL, '&options=-c%20statement_timeout=9s', current_setting('enable_seqscan'), off",
    "POSTGRESQL, '&options=-c%20lock_timeout=7s', current_setting('lock_timeout'), 7s"
  })
  void standBesideOursAndHaveTheLastWord(
      TestDatabase kind, String parameters, String setting, String expected) {
    var url = kind.newDatabase() + parameters;
    var config = TestDatabase.config(url).withTimeouts(Duration.ofSeconds(3), REQUEST_TIMEOUT);
    try (var database = new Database(config, Dialect.of(url))) {
      var found =
          database.read(connection -> {
            try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT " + setting)) {
              rows.next();
              return rows.getString(1);
            }
          });

      assertThat(found).isEqualTo(expected);
    }
  }
}
