package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.BranchResult.Succeeded;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyRulesTest {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "HTTP_PROXY", "http://proxy:3128",
          "https_proxy", "secure-proxy:3129",
          "NO_PROXY", "internal, .corp.example,*.svc,bank:8080,10.0.0.1");

  @ParameterizedTest
  @CsvSource({
    "http, shop.example, 80, proxy",
    "https, shop.example, 443, secure-proxy",
    "http, internal, 80, ''",
    "http, api.internal, 80, ''",
    "http, notinternal, 80, proxy",
    "http, a.corp.example, 80, ''",
    "http, a.svc, 80, ''",
    "http, bank, 8080, ''",
    "http, bank, 80, proxy",
    "http, 10.0.0.1, 80, ''",
    "http, localhost, 80, ''",
    "http, 127.0.0.1, 80, ''",
    "http, 127.9.9.9, 80, ''",
    "http, ::1, 80, ''",
  })
  void tellsWhatGoesThroughAProxy(String scheme, String host, int port, String expected) {
    var rules = ProxyRules.fromEnvironment(ENVIRONMENT);

    assertThat(rules.proxyFor(scheme, host, port).map(uri -> uri.getHost()).orElse(""))
        .isEqualTo(expected);
  }

  @Test
  void withoutVariablesNothingDoes() {
    assertThat(ProxyRules.fromEnvironment(Map.of())).isEqualTo(ProxyRules.none());
  }

  @Test
  void aProxyThatIsNoneIsReportedWithoutItsValue() {
    assertThatThrownBy(
            () -> ProxyRules.fromEnvironment(Map.of("HTTP_PROXY", "socks5://me:secret@proxy")))
        .hasMessage("HTTP_PROXY: not a usable proxy (expected: http://host:port)");
  }

  @Test
  void callsThroughTheProxy() throws Exception {
    try (var proxy =
            new RawPeer(connection -> {
              connection.readRequest();
              connection.answer(200, "{}");
            });
        var client =
            new BoundedHttpClient(
                "test", ProxyRules.fromEnvironment(Map.of("HTTP_PROXY", proxy.url(""))))) {
      var result = new HttpBranchCaller(client).call(aCall("http://bank.example/debit"));

      assertThat(result).isEqualTo(new Succeeded());
      assertThat(proxy.requests())
          .singleElement()
          .asString()
          .startsWith("POST http://bank.example/debit?branch_id=01");
    }
  }
}
