package io.dtm.server.api;

import static io.dtm.server.api.EdgeAssertions.assertAnswer;
import static io.dtm.server.api.EdgeAssertions.assertError;
import static io.dtm.server.api.EdgeAssertions.assertSuccess;
import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.topics.Topics;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TopicRoutesTest {
  private final RunningEdge edge = new RunningEdge();

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void showsSubscribersAsASetting() {
    assertSuccess(get("subscribe?topic=orders&url=http://a/in&remark=first%20shop"));
    assertSuccess(get("subscribe?topic=orders&url=bank:9090/bank.Bank/In"));

    var entry =
        """
        {"id":0,"create_time":"2026-01-02T03:04:05Z","update_time":"2026-01-02T03:04:05Z",\
        "cat":"topics","k":"orders","v":"[{\\"url\\":\\"http://a/in\\",\\"remark\\":\\"first shop\\"},\
        {\\"url\\":\\"bank:9090/bank.Bank/In\\",\\"remark\\":\\"\\"}]","version":2}\
        """;
    assertAnswer(get("queryKV?cat=topics&key=orders"), 200, "{\"kv\":[" + entry + "]}");
    assertAnswer(get("queryKV?cat=topics"), 200, "{\"kv\":[" + entry + "]}");
    assertAnswer(get("scanKV?cat=topics"), 200, "{\"kv\":[" + entry + "],\"next_position\":\"\"}");
  }

  @Test
  void saysWhatATopicDoesNotAllow() { // D25
    assertError(get("unsubscribe?topic=orders&url=http://a/in"), 404, "no such a topic");
    get("subscribe?topic=orders&url=http://a/in");

    assertError(get("subscribe?topic=orders&url=http://a/in"), 409, "this url exists");
    assertError(get("unsubscribe?topic=orders&url=http://b/in"), 404, "no such an url ");
    assertSuccess(get("unsubscribe?topic=orders&url=http://a/in"));
    assertError(get("unsubscribe?topic=orders&url=http://a/in"), 404, "this topic is empty");
  }

  @Test
  void saysWhenATopicIsFull() {
    for (int i = 0; i < Topics.SUBSCRIBERS_MAX; i++) {
      edge.topics.subscribe("orders", "http://s/" + i, "");
    }

    assertError(
        get("subscribe?topic=orders&url=http://a/in"),
        409,
        "topic: has 1000 subscribers (expected: at most 1000)");
  }

  @Test
  void deletesATopicAndMakesItAnew() { // D3
    get("subscribe?topic=orders&url=http://old/in");
    assertThat(edge.topics.subscribers("orders")).containsExactly("http://old/in");

    assertSuccess(delete("orders"));
    assertAnswer(get("queryKV?cat=topics&key=orders"), 200, "{\"kv\":[]}");
    assertError(delete("orders"), 404, "storage: NotFound");
    assertSuccess(get("subscribe?topic=orders&url=http://new/in"));

    assertThat(edge.topics.subscribers("orders")).containsExactly("http://new/in");
  }

  @Test
  void takesAnyNameThatFitsIntoAnAddress() {
    for (var name : new String[] {"a%20b", "a+b", "a%2Fb", "%C3%BC", "a%25", "a;b"}) {
      var topic = name.replace("+", "%2B");
      assertSuccess(get("subscribe?topic=" + topic + "&url=http://a/in"));
      assertSuccess(delete(name));
    }
    assertThat(edge.keyValues.listEntries("", "", 10).entries()).isEmpty();
  }

  @Test
  void knowsNoOtherMethodOrDepthOfPath() {
    get("subscribe?topic=orders&url=http://a/in");

    for (var wrong :
        new String[] {
          "GET topic/orders",
          "POST topic/orders",
          "DELETE topic",
          "DELETE topic/",
          "DELETE topic/a/orders",
          "DELETE topics/orders",
          "DELETE subscribe",
          "POST subscribe?topic=t&url=http://a/in"
        }) {
      var parts = wrong.split(" ", -1);
      assertThat(edge.exchange(parts[0], "/api/dtmsvr/" + parts[1], "").statusCode())
          .as(wrong)
          .isEqualTo(404);
    }
    assertThat(delete("orders/").statusCode()).isEqualTo(307);
    assertThat(edge.keyValues.listEntries("", "", 10).entries()).hasSize(1);
  }

  @Test
  void listsMoreTopicsThanAPageInPages() { // D11
    for (int i = 0; i < 15; i++) {
      get("subscribe?topic=t%02d&url=http://a/in".formatted(i));
    }

    var all = get("queryKV?cat=topics").body();
    var position = all.replaceAll(".*\"next_position\":\"([^\"]+)\".*", "$1");
    var rest = get("scanKV?cat=topics&position=" + position).body();

    assertThat(all).contains("\"t00\"", "\"t09\"").doesNotContain("\"t10\"");
    assertThat(rest).contains("\"t10\"", "\"t14\"", "\"next_position\":\"\"");
  }

  private HttpResponse<String> get(String pathAndQuery) {
    return edge.get("/api/dtmsvr/" + pathAndQuery);
  }

  private HttpResponse<String> delete(String topic) {
    return edge.exchange("DELETE", "/api/dtmsvr/topic/" + topic, "");
  }
}
