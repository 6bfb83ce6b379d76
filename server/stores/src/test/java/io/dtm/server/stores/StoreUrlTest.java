package io.dtm.server.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.store.jdbc.JdbcStoreConfig;
import io.dtm.server.store.mongo.MongoStoreConfig;
import io.dtm.server.store.redis.RedisTopology;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreUrlTest {

  private static JdbcStoreConfig sql(String url) {
    assertThat(StoreUrl.parse(url)).isInstanceOf(StoreConfig.Sql.class);
    return ((StoreConfig.Sql) StoreUrl.parse(url)).jdbc();
  }

  private static RedisTopology redis(String url) {
    assertThat(StoreUrl.parse(url)).isInstanceOf(StoreConfig.Redis.class);
    return ((StoreConfig.Redis) StoreUrl.parse(url)).redis().topology();
  }

  @Test
  void theStoresOfOneProcess() {
    assertThat(StoreUrl.parse("memory:")).isEqualTo(new StoreConfig.Memory());
    assertThat(StoreUrl.parse("rocksdb:/data/dtm"))
        .isEqualTo(new StoreConfig.RocksDb(Path.of("/data/dtm")));
    assertThat(StoreUrl.parse("rocksdb:///data/dtm"))
        .isEqualTo(new StoreConfig.RocksDb(Path.of("/data/dtm")));
    assertThat(StoreUrl.parse("rocksdb:data")).isEqualTo(new StoreConfig.RocksDb(Path.of("data")));
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://db:3306/dtm, jdbc:mariadb://db:3306/dtm",
    "mariadb://db/dtm, jdbc:mariadb://db/dtm",
    "mysql://a:1/dtm?sslMode=verify-full&serverSslCert=/ca.pem,"
        + " jdbc:mariadb://a:1/dtm?sslMode=verify-full&serverSslCert=/ca.pem",
    "postgres://db:5432/dtm?sslmode=verify-full, jdbc:postgresql://db:5432/dtm?sslmode=verify-full",
    "postgresql://db/dtm, jdbc:postgresql://db/dtm",
    "sqlserver://db:1433/dtm?encrypt=true, jdbc:sqlserver://db:1433;databaseName=dtm;encrypt=true",
    "jdbc:postgresql://db/dtm, jdbc:postgresql://db/dtm",
  })
  void sqlServers(String url, String jdbcUrl) {
    assertThat(sql(url)).isEqualTo(JdbcStoreConfig.defaults(jdbcUrl, "", ""));
  }

  @Test
  void userAndPasswordMayBePercentEncoded() {
    var config = sql("mysql://dtm:p%40ss%2Fw+rd@db:3306/dtm");

    assertThat(config.user()).isEqualTo("dtm");
    assertThat(config.password()).isEqualTo("p@ss/w+rd");
    assertThat(config.url()).isEqualTo("jdbc:mariadb://db:3306/dtm");
  }

  @Test
  void theSchemaOfPostgreSqlIsAParameterOfOurs() {
    var config = sql("postgres://db/dtm?schema=tx&sslmode=require");

    assertThat(config.schema()).isEqualTo("tx");
    assertThat(config.url()).isEqualTo("jdbc:postgresql://db/dtm?sslmode=require");
  }

  @Test
  void redisAloneAsAClusterAndWatched() {
    assertThat(redis("redis://u:p@one:6379/2"))
        .isEqualTo(new RedisTopology.Standalone("redis://u:p@one:6379/2"));
    assertThat(redis("rediss://u:p@one:1,two:2"))
        .isEqualTo(new RedisTopology.Cluster(List.of("rediss://u:p@one:1", "rediss://u:p@two:2")));
    assertThat(redis("redis-sentinel://u:p@one:1,two:2/0#main"))
        .isEqualTo(
            new RedisTopology.Sentinel(
                List.of("redis://one:1", "redis://two:2"), "main", "u", "p"));
  }

  @Test
  void thePrefixOfRedisIsAParameter() {
    var config = (StoreConfig.Redis) StoreUrl.parse("redis://one:6379?prefix=orders:");

    assertThat(config.redis().prefix()).isEqualTo("orders:");
    assertThat(config.redis().topology())
        .isEqualTo(new RedisTopology.Standalone("redis://one:6379"));
  }

  @Test
  void mongo() {
    var url = "mongodb://u:p@one,two/orders?replicaSet=rs";

    assertThat(StoreUrl.parse(url))
        .isEqualTo(new StoreConfig.Mongo(MongoStoreConfig.defaults(url).withDatabase("orders")));
    assertThat(StoreUrl.parse("mongodb://one"))
        .isEqualTo(new StoreConfig.Mongo(MongoStoreConfig.defaults("mongodb://one")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "dtm",
        "oracle://u:secret@db/dtm",
        "rocksdb:",
        "mysql://u:secret@db",
        "postgres:///dtm",
        "redis-sentinel://u:secret@one:1/0"
      })
  void refusesWhatNamesNoStoreAndRepeatsNoSecret(String url) {
    assertThatThrownBy(() -> StoreUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@db/dtm?password=secret",
        "jdbc:mariadb://db/dtm?password=secret",
        "postgres://u:secret@db/dtm",
        "sqlserver://u:secret@db/dtm?password=secret",
        "redis://u:secret@db",
        "redis://u:secret@db:1,other:2",
        "redis-sentinel://u:secret@db:1/0#main",
        "mongodb://u:secret@db/dtm",
      })
  void noDescriptionHasASecret(String url) {
    var store = StoreUrl.parse(url);

    assertThat(store.describe()).contains("db").doesNotContain("secret");
    assertThat(store.toString()).doesNotContain("secret");
  }
}
