package io.dtm.server.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MongoStoreConfigTest {

  @ParameterizedTest
  @CsvSource({
    "mongodb://one:27017, one:27017",
    "'mongodb://one:1,two:2/admin?replicaSet=rs0', 'one:1,two:2'",
    "mongodb://user:s3cret@one:1/?tls=true, one:1",
    "mongodb://user:s3cret@/with@one:1, one:1",
    "mongodb+srv://user:s3cret@cluster.example.org, cluster.example.org",
  })
  void namesTheHostsAndNoSecret(String connectionString, String hosts) {
    var config = MongoStoreConfig.defaults(connectionString);

    assertThat(config.describe()).isEqualTo("MongoDB at %s, database dtm", hosts);
    assertThat(config.toString()).doesNotContain("s3cret").contains(hosts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "one:27017", "jdbc:mysql://one"})
  void refusesWhatIsNoConnectionString(String text) {
    assertThatThrownBy(() -> MongoStoreConfig.defaults(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: mongodb://");
  }

  @Test
  void doesNotTellThePasswordOfAConnectionStringThatIsWrong() {
    var config = MongoStoreConfig.defaults("mongodb://user:s3cret/x@one:99999999");

    assertThatThrownBy(() -> MongoTransactionStore.open(config))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: mongodb://[user:password@]host")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void refusesTimesThatMakeNoSense() {
    var config = MongoStoreConfig.defaults("mongodb://one");

    assertThatThrownBy(() -> config.withTimeouts(Duration.ZERO, Duration.ofSeconds(1)))
        .hasMessage("connectTimeout: PT0S (expected: PT0.001S to PT1H)");
    assertThatThrownBy(() -> config.withRetention(Duration.ZERO, Duration.ofSeconds(-1)))
        .hasMessage("retentionFailed: PT-1S (expected: >= 0)");
  }
}
