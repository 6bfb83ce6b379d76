package io.dtm.server.topics;

import static io.dtm.server.topics.TopicOutcome.CHANGED;
import static io.dtm.server.topics.TopicOutcome.NAME_MISSING;
import static io.dtm.server.topics.TopicOutcome.TOPIC_EMPTY;
import static io.dtm.server.topics.TopicOutcome.TOPIC_FULL;
import static io.dtm.server.topics.TopicOutcome.TOPIC_UNKNOWN;
import static io.dtm.server.topics.TopicOutcome.URL_EXISTS;
import static io.dtm.server.topics.TopicOutcome.URL_MISSING;
import static io.dtm.server.topics.TopicOutcome.URL_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.StoreUnavailable;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final String A = "http://a/in";
  private static final String B = "http://b/in";

  private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:04:05Z"));
  private final MemoryTransactionStore memory = new MemoryTransactionStore(time);
  private final WatchedKeyValueStore store = new WatchedKeyValueStore(memory);
  private final Topics here = new Topics(store, INTERVAL, time);
  private final Topics there = new Topics(memory, INTERVAL, time);

  @Test
  void keepsSubscribersInTheOrderOfTheirSubscription() {
    assertThat(here.subscribe("orders", B, "second shop")).isEqualTo(CHANGED);
    assertThat(here.subscribe("orders", A, "")).isEqualTo(CHANGED);

    assertThat(here.subscribers("orders")).containsExactly(B, A);
    assertThat(stored("orders"))
        .returns(2L, Entry::version)
        .returns(
            "[{\"url\":\"%s\",\"remark\":\"second shop\"},{\"url\":\"%s\",\"remark\":\"\"}]"
                .formatted(B, A),
            Entry::value);
  }

  @Test
  void knowsNoSubscriberOfAnUnknownTopic() {
    assertThat(here.subscribers("orders")).isEmpty();
    assertThat(here.subscribers("")).isEmpty();
  }

  @Test
  void takesEachSubscriberOnce() {
    here.subscribe("orders", A, "");

    assertThat(here.subscribe("orders", A, "again")).isEqualTo(URL_EXISTS);

    assertThat(stored("orders").version()).isEqualTo(1);
  }

  @Test
  void keepsATopicWhoseLastSubscriberLeaves() {
    here.subscribe("orders", A, "");

    assertThat(here.unsubscribe("orders", B)).isEqualTo(URL_UNKNOWN);
    assertThat(here.unsubscribe("orders", A)).isEqualTo(CHANGED);
    assertThat(here.unsubscribe("orders", A)).isEqualTo(TOPIC_EMPTY);

    assertThat(here.subscribers("orders")).isEmpty();
    assertThat(stored("orders")).returns("[]", Entry::value).returns(2L, Entry::version);
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(here.subscribe("", A, "")).isEqualTo(NAME_MISSING);
    assertThat(here.subscribe("", "", "")).isEqualTo(NAME_MISSING);
    assertThat(here.subscribe("orders", "", "")).isEqualTo(URL_MISSING);
    assertThat(here.unsubscribe("", A)).isEqualTo(NAME_MISSING);
    assertThat(here.unsubscribe("orders", "")).isEqualTo(URL_MISSING);
    assertThat(here.unsubscribe("orders", A)).isEqualTo(TOPIC_UNKNOWN);
    assertThat(here.delete("")).isEqualTo(NAME_MISSING);
    assertThat(here.delete("orders")).isEqualTo(TOPIC_UNKNOWN);

    assertThat(memory.listEntries("", "", 10).entries()).isEmpty();
  }

  @Test
  void takesNoMoreSubscribersThanATopicMayHave() {
    var list =
        IntStream.range(0, Topics.SUBSCRIBERS_MAX)
            .mapToObj("{\"url\":\"http://s/%d\"}"::formatted)
            .toList();
    memory.putEntry("topics", "orders", list.toString(), 0);

    assertThat(here.subscribe("orders", A, "")).isEqualTo(TOPIC_FULL);
    assertThat(here.subscribe("orders", "http://s/5", "")).isEqualTo(URL_EXISTS);

    assertThat(here.subscribers("orders")).hasSize(Topics.SUBSCRIBERS_MAX);
  }

  @Test
  void deletesATopicAtOnceAndForGood() { // D3
    here.subscribe("orders", A, "");
    here.subscribe("orders", B, "");
    assertThat(here.subscribers("orders")).hasSize(2);

    assertThat(here.delete("orders")).isEqualTo(CHANGED);

    assertThat(here.subscribers("orders")).isEmpty();
    assertThat(memory.findEntry("topics", "orders")).isEmpty();
  }

  @Test
  void aTopicMadeAnewHasNoneOfItsOldSubscribers() { // D3
    here.subscribe("orders", A, "");
    here.subscribe("orders", "http://old/in", "");
    here.subscribers("orders");
    there.subscribers("orders");

    here.delete("orders");
    here.subscribe("orders", B, "");

    assertThat(here.subscribers("orders")).containsExactly(B);
    pass(INTERVAL);
    assertThat(there.subscribers("orders")).containsExactly(B);
  }

  @Test
  void anotherNodeSeesAChangeWithinTheInterval() {
    here.subscribe("orders", A, "");
    assertThat(there.subscribers("orders")).containsExactly(A);

    here.subscribe("orders", B, "");

    pass(INTERVAL.minusMillis(1));
    assertThat(there.subscribers("orders")).containsExactly(A);
    pass(Duration.ofMillis(1));
    assertThat(there.subscribers("orders")).containsExactly(A, B);
    here.delete("orders");
    pass(INTERVAL);
    assertThat(there.subscribers("orders")).isEmpty();
  }

  @Test
  void everyNodeSeesANewTopicAtOnce() {
    assertThat(there.subscribers("orders")).isEmpty();

    here.subscribe("orders", A, "");

    assertThat(there.subscribers("orders")).containsExactly(A);
  }

  @Test
  void asksTheStoreOnceInAnInterval() {
    here.subscribe("orders", A, "");
    int before = store.looks.get();

    for (int i = 0; i < 10; i++) {
      here.subscribers("orders");
    }

    assertThat(store.looks.get()).isEqualTo(before + 1);
  }

  @Test
  void asksTheStoreEveryTimeWithoutAnInterval() {
    var always = new Topics(store, Duration.ZERO, time);
    there.subscribe("orders", A, "");
    always.subscribers("orders");

    there.subscribe("orders", B, "");

    assertThat(always.subscribers("orders")).containsExactly(A, B);
  }

  @Test
  void refusesANegativeInterval() {
    assertThatThrownBy(() -> new Topics(store, Duration.ofMillis(-1), time))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("refreshInterval: PT-0.001S (expected: >= 0)");
  }

  @Test
  void aSlowLookNeverBringsBackWhatThisNodeHasChanged() {
    here.subscribe("orders", A, "");
    store.afterLook(() -> here.delete("orders"));

    assertThat(here.subscribers("orders")).containsExactly(A); // it began before

    assertThat(here.subscribers("orders")).isEmpty();
  }

  @Test
  void forgetsATopicAlsoWhenNobodyKnowsWhetherItWasWritten() {
    here.subscribe("orders", A, "");
    here.subscribers("orders");
    store.afterWrite(() -> {
      throw new StoreUnavailable("cut off");
    });

    assertThatThrownBy(() -> here.subscribe("orders", B, "")).isInstanceOf(StoreUnavailable.class);

    assertThat(here.subscribers("orders")).containsExactly(A, B);
  }

  @Test
  void startsOverWhenAnotherNodeIsFaster() {
    store.beforeWrite(() -> there.subscribe("orders", A, ""));
    assertThat(here.subscribe("orders", B, "")).isEqualTo(CHANGED);

    store.beforeWrite(() -> there.unsubscribe("orders", A));
    assertThat(here.unsubscribe("orders", A)).isEqualTo(URL_UNKNOWN);

    store.beforeWrite(() -> there.delete("orders"));
    assertThat(here.delete("orders")).isEqualTo(TOPIC_UNKNOWN);
  }

  @Test
  void givesUpWhenOthersNeverStop() {
    var restless =
        new Topics(
            new WatchedKeyValueStore(memory) {
              @Override
              public boolean putEntry(String category, String key, String value, long expected) {
                return false;
              }
            },
            INTERVAL,
            time);

    assertThatThrownBy(() -> restless.subscribe("orders", A, ""))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessage("topic orders: changed by others 100 times in a row");
  }

  @Test
  void ofManyChangesAtOnceNoneIsLost() throws Exception {
    int nodes = 6;
    int each = 20;
    var tasks = new ArrayList<Callable<Integer>>();
    for (int n = 0; n < nodes; n++) {
      int node = n;
      var topics = new Topics(memory, INTERVAL, time);
      tasks.add(() -> {
        int changes = 0;
        for (int i = 0; i < each; i++) {
          var url = "http://s%d/%d".formatted(node, i);
          changes += topics.subscribe("orders", url, "") == CHANGED ? 1 : 0;
          if (i % 2 == 0) {
            changes += topics.unsubscribe("orders", url) == CHANGED ? 1 : 0;
          }
        }
        return changes;
      });
    }

    int changes = 0;
    try (var threads = Executors.newFixedThreadPool(nodes)) {
      for (var task : threads.invokeAll(tasks)) {
        changes += task.get();
      }
    }

    assertThat(changes).isEqualTo(nodes * each * 3 / 2);
    assertThat(stored("orders").version()).isEqualTo(changes);
    assertThat(here.subscribers("orders")).hasSize(nodes * each / 2);
  }

  @Test
  void findsEveryOneOfManyTopics() { // D11
    for (int i = 0; i < 3_000; i++) {
      here.subscribe("t" + i, "http://s/" + i, "");
    }

    for (int i = 0; i < 3_000; i++) {
      assertThat(there.subscribers("t" + i)).containsExactly("http://s/" + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "[]"})
  void takesEveryFormOfNobody(String value) {
    memory.putEntry("topics", "orders", value, 0);

    assertThat(here.subscribers("orders")).isEmpty();
    assertThat(here.subscribe("orders", A, "")).isEqualTo(CHANGED);
  }

  @Test
  void readsWhatOthersWrote() {
    memory.putEntry("topics", "orders", "[{\"url\":\"" + A + "\",\"remark\":null,\"x\":1}]", 0);

    assertThat(here.subscribers("orders")).containsExactly(A);
    assertThat(here.subscribe("orders", A, "")).isEqualTo(URL_EXISTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{}", "[5]", "[{\"url\":"})
  void saysWhichTopicItCannotRead(String value) {
    memory.putEntry("topics", "orders", value, 0);

    assertThatThrownBy(() -> here.subscribers("orders"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("setting topics/orders: version 1 is no list of subscribers");
  }

  private void pass(Duration duration) {
    time.advance(duration, () -> {});
  }

  private Entry stored(String topic) {
    return memory.findEntry("topics", topic).orElseThrow();
  }
}
