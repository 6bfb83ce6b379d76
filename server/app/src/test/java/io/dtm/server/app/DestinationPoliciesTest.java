package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.RetryPolicy;
import io.dtm.server.engine.RetryPolicies.ForDestination;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationPoliciesTest {

  @Test
  void everyPartOfAPolicyMayBeSaid() {
    assertThat(
            DestinationPolicies.parse(
                " Bank:8080  interval=1 factor=2 max=3 attempts=4 age=5 ;; *:443 factor=1; "))
        .containsExactly(
            new ForDestination(
                "bank:8080",
                new RetryPolicy(
                    Duration.ofSeconds(1), 2, Duration.ofSeconds(3), 4, Duration.ofSeconds(5))),
            new ForDestination(
                "*:443", new RetryPolicy(Duration.ZERO, 1, Duration.ZERO, 0, Duration.ZERO)));
    assertThat(DestinationPolicies.parse("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bank:80",
        "bank attempts=1",
        "attempts=1",
        "bank:80 attempts",
        "bank:80 attempts=",
        "bank:80 attempts=0",
        "bank:80 attempts=x",
        "bank:80 attempts=1 attempts=2",
        "bank:80 tries=1",
        "bank:80 attempts=1=2",
      })
  void anythingElseIsRefusedWithWhatIsExpected(String entry) {
    assertThatThrownBy(() -> DestinationPolicies.parse("good:1 age=1; " + entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"%s\" (expected: host:port, then some of interval=, factor=, max=, attempts=, age= with"
                    .formatted(entry)
                + " whole numbers)");
  }
}
