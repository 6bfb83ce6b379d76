package io.dtm.testing.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.KeyValueStore.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything a {@link KeyValueStore} must do. A store's test extends it and says how the store is
 * opened and closed; each test starts with an empty one.
 */
public abstract class KeyValueStoreContract {
  private final SettableClock clock = new SettableClock();
  private @Nullable KeyValueStore store;

  /** Opens the store of the running test: empty at first, later with what was left behind. */
  protected abstract KeyValueStore open(InstantSource clock) throws Exception;

  protected abstract void close(KeyValueStore store) throws Exception;

  /** Whether a store that was closed and opened again still has its content. */
  protected boolean survivesReopen() {
    return true;
  }

  @BeforeEach
  public final void openStore() throws Exception {
    store = open(clock);
  }

  @AfterEach
  public final void closeStore() throws Exception {
    if (store != null) {
      close(store);
    }
  }

  private KeyValueStore store() {
    if (store == null) {
      throw new IllegalStateException("the store is not open");
    }
    return store;
  }

  private void put(String category, String key, String value) {
    assertThat(store().putEntry(category, key, value, 0)).isTrue();
  }

  private List<String> listAll(String category, int limit) {
    var all = new ArrayList<String>();
    var position = "";
    do {
      var page = store().listEntries(category, position, limit);
      assertThat(page.entries()).hasSizeLessThanOrEqualTo(limit);
      page.entries().forEach(entry -> all.add(entry.category() + ":" + entry.key()));
      position = page.nextPosition();
    } while (!position.isEmpty());
    return all;
  }

  @Test
  public void findsWhatWasPut() {
    put("topics", "orders", "[\"http://größe\"]");

    assertThat(store().findEntry("topics", "orders"))
        .contains(
            new Entry(
                "topics",
                "orders",
                "[\"http://größe\"]",
                1,
                SettableClock.START,
                SettableClock.START));
    assertThat(store().findEntry("topics", "order")).isEmpty();
    assertThat(store().findEntry("topic", "orders")).isEmpty();
  }

  @Test
  public void replacingRaisesTheVersionAndKeepsTheTimeOfCreation() {
    put("topics", "orders", "one");
    clock.advance(Duration.ofSeconds(3));

    assertThat(store().putEntry("topics", "orders", "two", 1)).isTrue();

    assertThat(store().findEntry("topics", "orders"))
        .contains(
            new Entry(
                "topics",
                "orders",
                "two",
                2,
                SettableClock.START,
                SettableClock.START.plusSeconds(3)));
  }

  @Test
  public void aWriteFromAnotherVersionChangesNothing() {
    put("topics", "orders", "one");
    store().putEntry("topics", "orders", "two", 1);
    var stored = store().findEntry("topics", "orders");

    assertThat(store().putEntry("topics", "orders", "x", 0)).isFalse();
    assertThat(store().putEntry("topics", "orders", "x", 1)).isFalse();
    assertThat(store().putEntry("topics", "orders", "x", 3)).isFalse();
    assertThat(store().putEntry("topics", "none", "x", 1)).isFalse();
    assertThat(store().deleteEntry("topics", "orders", 1)).isFalse();
    assertThat(store().deleteEntry("topics", "none", 1)).isFalse();

    assertThat(store().findEntry("topics", "orders")).isEqualTo(stored);
    assertThat(store().findEntry("topics", "none")).isEmpty();
  }

  @Test
  public void aDeletedEntryIsGoneAndMayBePutAgain() {
    put("topics", "orders", "one");

    assertThat(store().deleteEntry("topics", "orders", 1)).isTrue();

    assertThat(store().findEntry("topics", "orders")).isEmpty();
    assertThat(listAll("", 10)).isEmpty();
    put("topics", "orders", "again");
    assertThat(store().findEntry("topics", "orders").orElseThrow().version()).isEqualTo(1);
  }

  @Test
  public void listsByCategoryAndKey() {
    put("b", "2", "");
    put("a", "10", "");
    put("b", "1", "");
    put("a1", "0", "");
    put("a", "1", "");
    put("a", "é", "");

    assertThat(listAll("", 10)).containsExactly("a:1", "a:10", "a:é", "a1:0", "b:1", "b:2");
    assertThat(listAll("a", 10)).containsExactly("a:1", "a:10", "a:é");
    assertThat(listAll("a1", 10)).containsExactly("a1:0");
    assertThat(listAll("b", 10)).containsExactly("b:1", "b:2");
    assertThat(listAll("c", 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7})
  public void pagesOfAnySizeMakeTheWholeList(int limit) {
    for (var category : List.of("a", "a1", "b")) {
      put(category, "k", "");
      put(category, "k1", "");
    }

    assertThat(listAll("", limit)).containsExactly("a:k", "a:k1", "a1:k", "a1:k1", "b:k", "b:k1");
    assertThat(listAll("a", limit)).containsExactly("a:k", "a:k1");
  }

  @Test
  public void pagingGoesOnWhenTheLastEntryIsDeletedMeanwhile() {
    for (var key : List.of("1", "2", "3", "4")) {
      put("a", key, "");
    }
    var first = store().listEntries("a", "", 2);

    store().deleteEntry("a", "2", 1);
    put("a", "0", "");

    var second = store().listEntries("a", first.nextPosition(), 2);
    assertThat(second.entries()).extracting(Entry::key).containsExactly("3", "4");
    assertThat(second.nextPosition()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "not a position", "%00", "/"})
  public void anUnknownPositionIsRefused(String position) {
    assertThatThrownBy(() -> store().listEntries("", position, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  public void keepsALargeValue() {
    var value = "é".repeat(1 << 19);

    put("a", "large", value);

    assertThat(store().findEntry("a", "large").orElseThrow().value()).isEqualTo(value);
  }

  @Test
  public void ofManyWritesOfOneVersionExactlyOneWins() throws Exception {
    put("a", "counter", "0");
    var tasks = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 8; i++) {
      tasks.add(() -> {
        int wins = 0;
        for (int attempt = 0; attempt < 25; attempt++) {
          var entry = store().findEntry("a", "counter").orElseThrow();
          var next = String.valueOf(Integer.parseInt(entry.value()) + 1);
          if (store().putEntry("a", "counter", next, entry.version())) {
            wins++;
          }
        }
        return wins;
      });
    }

    int wins = Crowd.run(tasks).stream().mapToInt(Integer::intValue).sum();

    var entry = store().findEntry("a", "counter").orElseThrow();
    assertThat(entry.value()).isEqualTo(String.valueOf(wins));
    assertThat(entry.version()).isEqualTo(1 + wins);
  }

  @Test
  public void everythingAcknowledgedIsThereAfterReopening() throws Exception {
    assumeTrue(survivesReopen(), "the store declares that it forgets everything when it is closed");
    put("a", "1", "one");
    put("a", "2", "two");
    store().putEntry("a", "1", "ONE", 1);
    store().deleteEntry("a", "2", 1);

    closeStore();
    openStore();

    assertThat(listAll("", 10)).containsExactly("a:1");
    assertThat(store().findEntry("a", "1").orElseThrow().version()).isEqualTo(2);
    assertThat(store().putEntry("a", "1", "x", 1)).isFalse();
  }
}
