package io.dtm.server.branch;

import static io.dtm.server.branch.Calls.aCall;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.BranchCall;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.TransactionMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BranchUrlTest {
  private static final String OURS = "branch_id=01&gid=gid-1&op=action&trans_type=saga";

  @ParameterizedTest
  @CsvSource({
    "http://h/p, http://h/p?",
    "http://h, http://h?",
    "http://h/p?, http://h/p?",
    "http://h/p?a=1, http://h/p?a=1&",
    "http://h/p?a=1&b, http://h/p?a=1&b&",
    "http://h/p?a=%20b+c, http://h/p?a=%20b+c&",
    "http://h/p#part, http://h/p?",
    "http://h/p?a=1#part?, http://h/p?a=1&",
    "http://h/p?q={x|y}, http://h/p?q=%7Bx%7Cy%7D&",
    "http://h/a b, http://h/a%20b?",
    "http://h/größe😀, http://h/gr%C3%B6%C3%9Fe%F0%9F%98%80?",
  })
  void addsWhoCallsToTheQuery(String url, String expectedStart) throws Exception {
    assertThat(BranchUrl.of(aCall(url))).hasToString(expectedStart + OURS);
  }

  @Test
  void escapesOurParameters() throws Exception {
    var call =
        new BranchCall(
            new Gid("a b&c=d/é~*"),
            TransactionMode.MESSAGE,
            "01-02",
            new Operation("my op"),
            BranchProtocol.HTTP,
            "http://h/p",
            Payload.empty(),
            Map.of(),
            Duration.ofSeconds(1));

    assertThat(BranchUrl.of(call))
        .hasToString(
            "http://h/p?branch_id=01-02&gid=a+b%26c%3Dd%2F%C3%A9~%2A&op=my+op&trans_type=msg");
  }
}
