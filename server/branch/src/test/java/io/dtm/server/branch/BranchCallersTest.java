package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.over;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchResult.Refused;
import io.dtm.server.core.BranchResult.Succeeded;
import io.dtm.server.core.BranchResult.Unclear;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BranchCallersTest {
  @ParameterizedTest
  @CsvSource({
    "HTTP, http://bank/debit, http",
    "HTTP, https://bank/debit?method=x, http",
    "HTTP, bank:9090/bank.Service/Debit, grpc",
    "JSON_RPC, http://bank/rpc?method=debit, json-rpc",
    "JSON_RPC, http://bank/debit, http",
    "JSON_RPC, bank:9090/bank.Service/Debit, grpc",
    "GRPC, http://bank/debit?method=x, http",
    "GRPC, bank:9090/bank.Service/Debit, grpc",
  })
  void picksTheTransportByProtocolAndUrl(BranchProtocol protocol, String url, String expected) {
    var callers =
        new BranchCallers(
            call -> new Refused("http"),
            call -> new Refused("json-rpc"),
            call -> new Refused("grpc"));

    assertThat(callers.call(over(protocol, url))).isEqualTo(new Refused(expected));
  }

  @Test
  void saysWhatItCannotCall() {
    var callers = BranchCallers.over(call -> new Succeeded());

    var result = callers.call(over(BranchProtocol.GRPC, "bank:9090/bank.Service/Debit"));

    assertThat(result)
        .isEqualTo(
            new Unclear(
                "bank:9090/bank.Service/Debit: gRPC branches cannot be called by this version"
                    + " (expected: http:// or https://)"));
  }

  @Test
  void inAContainerLocalhostIsTheHost() {
    var caller = new LocalhostRewrite(call -> new Refused(call.url()));

    var result =
        caller.call(over(BranchProtocol.HTTP, "http://localhost:80/?a=localhost&b=127.0.0.1"));

    assertThat(result)
        .isEqualTo(
            new Refused("http://host.docker.internal:80/?a=localhost&b=host.docker.internal"));
  }
}
