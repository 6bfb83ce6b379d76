package io.dtm.server.branch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationTest {
  @ParameterizedTest
  @CsvSource({
    "http://Bank:8080/debit?x=1, bank:8080",
    "http://bank/debit, bank:80",
    "https://bank, bank:443",
    "http://bank?x=http://other/, bank:80",
    "http://user:pw@bank:8080/, bank:8080",
    "http://[::1]:8080/debit, [::1]:8080",
    "http://[::1]/debit, [::1]:80",
    "bank:9090/bank.Service/Debit, bank:9090",
    "etcd://registry/bank, registry",
    "'', ''",
  })
  void isHostAndPort(String url, String expected) {
    assertThat(Destination.of(url).hostAndPort()).isEqualTo(expected);
  }
}
