package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JdbcStoreConfigTest {

  @ParameterizedTest
  @CsvSource({
    "jdbc:mariadb://db:3306/dtm?password=xyzzy, jdbc:mariadb://db:3306/dtm",
    "jdbc:mariadb://me:xyzzy@db:3306/dtm, jdbc:mariadb://db:3306/dtm",
    "'jdbc:postgresql://one,two/dtm?user=me&password=a;xyzzy', 'jdbc:postgresql://one,two/dtm'",
    "jdbc:sqlserver://db:1433;user=me;password=a?xyzzy;databaseName=dtm, jdbc:sqlserver://db:1433",
    "jdbc:sqlserver://db:1433;databaseName=dtm, jdbc:sqlserver://db:1433"
  })
  void noSecretOfTheUrlIsShown(String url, String shown) {
    var config = JdbcStoreConfig.defaults(url, "me", "xyzzy");

    assertThat(config.describe()).isEqualTo(shown);
    assertThat(config).hasToString("JdbcStoreConfig[" + shown + "]");
  }

  @ParameterizedTest
  @CsvSource({"PT0.5S, PT1S", "PT5S, PT1S", "PT6S, PT1.2S", "PT10S, PT2S", "PT1M, PT2S"})
  void aLockIsWaitedForAFifthOfARequestWithinBounds(Duration request, Duration lock) {
    var config =
        JdbcStoreConfig.defaults("jdbc:postgresql://db/dtm", "", "")
            .withTimeouts(Duration.ofSeconds(1), request);

    assertThat(config.lockTimeout()).isEqualTo(lock);
  }

  @Test
  void whatCannotWorkIsRefused() {
    var config = JdbcStoreConfig.defaults("jdbc:postgresql://db/dtm", "", "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withConnections(0, 0, Duration.ofMinutes(5)))
        .withMessage("connectionsMax: 0 (expected: > 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withConnections(2, 3, Duration.ofMinutes(5)))
        .withMessage("connectionsIdle: 3 (expected: 0 to 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
        .withMessage("connectTimeout: PT0S (expected: > 0)");
  }
}
