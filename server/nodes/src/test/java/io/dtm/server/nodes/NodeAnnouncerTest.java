package io.dtm.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.protocol.NodeJson;
import io.dtm.protocol.Nodes;
import io.dtm.server.store.memory.MemoryTransactionStore;
import io.dtm.testing.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeAnnouncerTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final VirtualTime time = new VirtualTime(START);
  private final MemoryTransactionStore store = new MemoryTransactionStore(time);
  private final NodeDirectory directory = new NodeDirectory(store, time);
  private final List<Integer> counts = new ArrayList<>();

  @Test
  void aNodeSaysWhoItIsAndHowMuchItHasToDo() {
    announcer("one").start();

    assertThat(directory.living())
        .containsExactly(
            new NodeJson("one", "host", 1, 2, "0.1", START.toString(), 7, START.toString()));
  }

  @Test
  void nodesHearOfEachOther() {
    announcer("one").start();
    announcer("two").start();
    advance(NodeAnnouncer.INTERVAL);

    assertThat(names()).containsExactly("one", "two");
    assertThat(counts).endsWith(2, 2);
  }

  @Test
  void aNodeThatSignsOffIsGoneAtOnce() {
    var one = announcer("one");
    one.start();
    announcer("two").start();

    one.close();
    advance(NodeAnnouncer.INTERVAL);

    assertThat(names()).containsExactly("two");
    assertThat(counts).endsWith(1);
  }

  @Test
  void aNodeThatSaysNothingIsDeadAfterAWhileAndForgottenLater() {
    assertThat(store.putEntry(Nodes.CATEGORY, "dead", "{\"host\":\"h\"}", 0)).isTrue();
    announcer("one").start();

    advance(NodeDirectory.SILENCE_MAX);
    assertThat(names()).containsExactly("dead", "one");

    advance(NodeAnnouncer.INTERVAL);
    assertThat(names()).containsExactly("one");
    assertThat(store.findEntry(Nodes.CATEGORY, "dead")).isPresent();

    advance(NodeAnnouncer.FORGOTTEN_AFTER);
    assertThat(store.findEntry(Nodes.CATEGORY, "dead")).isEmpty();
  }

  @Test
  void aNodeThatOthersTookForDeadAnnouncesItselfAnew() {
    announcer("one").start();
    assertThat(store.deleteEntry(Nodes.CATEGORY, "one", 1)).isTrue();

    advance(NodeAnnouncer.INTERVAL);

    assertThat(names()).containsExactly("one");
  }

  @Test
  void whatNobodyCanReadIsNoNode() {
    assertThat(store.putEntry(Nodes.CATEGORY, "odd", "none", 0)).isTrue();

    assertThat(directory.living()).isEmpty();
  }

  private List<String> names() {
    return directory.living().stream().map(NodeJson::name).toList();
  }

  private void advance(Duration duration) {
    time.advance(duration, () -> {});
  }

  private NodeAnnouncer announcer(String name) {
    return new NodeAnnouncer(
        store,
        new NodeAnnouncer.Self(name, "host", 1, 2, "0.1"),
        time,
        time,
        Runnable::run,
        new NodeAnnouncer.Work(() -> 7, counts::add));
  }
}
