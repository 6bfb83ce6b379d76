package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeRoutesTest {
  private static final String SAID =
      """
      {"name":"n1","host":"h","http_port":1,"grpc_port":2,"version":"1.2.3",\
      "started_at":"2026-01-02T03:04:05Z","running":3\
      """;

  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void showsTheNodesThatWereHeardOfLately() {
    assertThat(edge.keyValues.putEntry("nodes", "n1", SAID + "}", 0)).isTrue();
    var said = SAID + ",\"last_heard_of\":\"2026-01-02T03:04:05Z\"}";
    assertAnswer(edge.get("/api/dtmsvr/nodes"), 200, "{\"nodes\":[" + said + "]}");

    edge.time.advance(Duration.ofMinutes(1), () -> {});
    assertAnswer(edge.get("/api/dtmsvr/nodes"), 200, "{\"nodes\":[]}");
  }

  @Test
  void whoAsksForAllSettingsSeesNoNodes() {
    assertThat(edge.keyValues.putEntry("nodes", "n1", SAID + "}", 0)).isTrue();

    assertAnswer(edge.get("/api/dtmsvr/queryKV"), 200, "{\"kv\":[]}");
    assertAnswer(edge.get("/api/dtmsvr/scanKV"), 200, "{\"kv\":[],\"next_position\":\"\"}");
  }

  @Test
  void anEdgeThatRefusesSendsEverybodyElsewhere() {
    edge.edge.refuse();

    for (var path : new String[] {"/api/ping", "/api/dtmsvr/newGid"}) {
      var answer = edge.get(path);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("1");
      assertThat(answer.headers().firstValue("Connection")).contains("close");
    }
  }
}
