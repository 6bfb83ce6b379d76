package io.dtm.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.spring.TransactionHeaders;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class DtmPropertiesTest {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner().withUserConfiguration(Bound.class);

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(DtmProperties.class)
  static class Bound {}

  @Test
  void everythingHasADefault() {
    bind(properties -> {
      assertThat(properties.servers()).containsExactly("http://127.0.0.1:36789");
      assertThat(properties.protocol()).isEqualTo(Protocol.HTTP);
      assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
      assertThat(properties.requestTimeout()).isEqualTo(Duration.ofSeconds(30));
      assertThat(properties.branchTimeout()).isEqualTo(Duration.ofSeconds(10));
      assertThat(properties.baseUrl()).isNull();
      assertThat(properties.services()).isEmpty();
      assertThat(properties.barrier().table()).isNull();
      assertThat(properties.propagation().enabled()).isTrue();
      assertThat(properties.propagation().headers()).isEqualTo(TransactionHeaders.TRACE);
      assertThat(properties.health().timeout()).isEqualTo(Duration.ofSeconds(2));
    });
  }

  @Test
  void aManagerOverGrpcIsSomewhereElseByDefault() {
    bind(
        properties -> assertThat(properties.servers()).containsExactly("127.0.0.1:36790"),
        "dtm.protocol=grpc");
  }

  @Test
  void theSlashAtTheEndOfABaseUrlMakesNoDifference() {
    bind(
        properties -> {
          assertThat(properties.baseUrl()).isEqualTo("http://shop:8080/api");
          assertThat(properties.services()).isEqualTo(Map.of("stock", "http://stock:8080"));
        },
        "dtm.base-url=http://shop:8080/api/",
        "dtm.services.stock=http://stock:8080/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          dtm.servers=localhost:36789         | dtm.servers: 'localhost:36789' (expected: a base URL such as http://10.0.0.7:8080)
          dtm.connect-timeout=0s              | dtm.connect-timeout: 'PT0S' (expected: more than zero, at most PT1H)
          dtm.request-timeout=2h              | dtm.request-timeout: 'PT2H' (expected: more than zero, at most PT1H)
          dtm.branch-timeout=-1s              | dtm.branch-timeout: 'PT-1S' (expected: more than zero, at most PT1H)
          dtm.base-url=shop                   | dtm.base-url: 'shop' (expected: a base URL such as http://10.0.0.7:8080)
          dtm.services.stock=ftp://stock      | dtm.services.stock: 'ftp://stock' (expected: a base URL such as http://10.0.0.7:8080)
          dtm.barrier.table=my barrier        | dtm.barrier.table: 'my barrier' (expected: a table such as dtm_barrier.barrier)
          dtm.propagation.headers=tenant id   | dtm.propagation.headers: 'tenant id' (expected: the name of an HTTP header)
          dtm.health.timeout=0s               | dtm.health.timeout: 'PT0S' (expected: more than zero, at most PT1H)
          """)
  void aWrongValueStopsTheStart(String property, String message) {
    application
        .withPropertyValues(property)
        .run(context -> assertThat(context).getFailure().hasStackTraceContaining(message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1/", "http://127.0.0.1:36789", "dtm", ":36790"})
  void aServerOverGrpcIsAHostAndAPort(String server) {
    application
        .withPropertyValues("dtm.protocol=grpc", "dtm.servers=" + server)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage(
                    "dtm.servers: '%s' (expected: host and port, such as 127.0.0.1:36790)"
                        .formatted(server)));
  }

  @Test
  void thereIsALimitToTheNumberOfServers() {
    var servers = String.join(",", Collections.nCopies(Checks.SERVERS_MAX + 1, "http://dtm:1"));

    application
        .withPropertyValues("dtm.servers=" + servers)
        .run(context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .hasMessage("dtm.servers: '33 entries' (expected: 32 at most)"));
  }

  private void bind(Consumer<DtmProperties> check, String... properties) {
    application
        .withPropertyValues(properties)
        .run(context -> check.accept(context.getBean(DtmProperties.class)));
  }
}
