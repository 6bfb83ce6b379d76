package io.dtm.server.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceUrlTest {
  private static ReferenceUrl parse(String url) {
    return ReferenceUrl.parse(url, "");
  }

  @Test
  void everyPartIsRead() {
    var url = parse("mysql://me:p%40ss%2F+w@db:3307/dtm2?zone=%2B08:00&sslMode=trust");

    assertThat(url)
        .isEqualTo(
            new ReferenceUrl(
                ReferenceUrl.Kind.MYSQL,
                "me",
                "p@ss/+w",
                List.of(new ReferenceUrl.Host("db", 3307)),
                "dtm2",
                Map.of("zone", "+08:00", "sslMode", "trust")));
  }

  @Test
  void whatIsLeftOutIsAsTheReferenceHasIt() {
    assertThat(parse("mariadb://db"))
        .isEqualTo(
            new ReferenceUrl(
                ReferenceUrl.Kind.MYSQL,
                "",
                "",
                List.of(new ReferenceUrl.Host("db", 3306)),
                "dtm",
                Map.of()));
    assertThat(parse("postgresql://db").hosts()).containsExactly(new ReferenceUrl.Host("db", 5432));
  }

  @Test
  void severalHostsAreTheNodesOfARedisCluster() {
    var url = parse("redis://:secret@a:7000,[::1]:7001,c?prefix={b}");

    assertThat(url.hosts())
        .containsExactly(
            new ReferenceUrl.Host("a", 7000),
            new ReferenceUrl.Host("[::1]", 7001),
            new ReferenceUrl.Host("c", 6379));
    assertThat(url.password()).isEqualTo("secret");
    assertThat(url.parameters()).containsEntry("prefix", "{b}");
    assertThatThrownBy(() -> parse("mysql://a,b/dtm")).hasMessageStartingWith("2 hosts");
  }

  @Test
  void aPasswordMayComeFromElsewhereAndIsNeverShown() {
    assertThat(ReferenceUrl.parse("mysql://me@db", "secret").password()).isEqualTo("secret");
    assertThat(ReferenceUrl.parse("mysql://me:own@db", "secret").password()).isEqualTo("own");
    assertThat(parse("mysql://me:secret@db?password=secret")).hasToString("mysql://me@db:3306/dtm");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "mysql:/me:secret@db",
        "mysql://me:se/cret@db",
        "mysql://me:secret@db:secret",
        "mysql://me:secret@db:0",
        "mysql://me:%secret@db",
        "mysql://me:secret@",
        "sqlserver://me:secret@db",
      })
  void noComplaintRepeatsThePassword(String url) {
    assertThatThrownBy(() -> parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ")
        .hasMessageNotContaining("cret");
  }

  @Test
  void boltSaysWhatToDoInstead() {
    assertThatThrownBy(() -> parse("boltdb://./dtm.bolt"))
        .hasMessageContaining("let the reference finish what it has");
  }
}
