package io.dtm.server.nodes;

import static io.dtm.protocol.Nodes.CATEGORY;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dtm.protocol.NodeJson;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.KeyValueStore.Entry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the nodes that share a store have said of themselves. Thread-safe. */
public final class NodeDirectory {
  /** Who has said nothing for so long is taken for dead. */
  static final Duration SILENCE_MAX = Duration.ofSeconds(15);

  /** More are not looked at: somebody else must have written there. */
  private static final int NODES_MAX = 1_000;

  private static final int PAGE = 100;

  private final JsonMapper json =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private final KeyValueStore store;
  private final InstantSource clock;

  /**
   * @param clock the store's, so that the clocks of the nodes do not matter
   */
  public NodeDirectory(KeyValueStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /**
   * The nodes that were heard of lately, by name. Asks the store, and throws {@link
   * io.dtm.server.core.StoreUnavailable} when it cannot be reached.
   */
  public List<NodeJson> living() {
    return entries().stream()
        .filter(entry -> isWithin(entry, SILENCE_MAX))
        .flatMap(entry -> read(entry).stream())
        .toList();
  }

  /** Everything that is announced, also by nodes that are long dead. */
  List<Entry> entries() {
    var found = new ArrayList<Entry>();
    var position = "";
    do {
      var page = store.listEntries(CATEGORY, position, PAGE);
      found.addAll(page.entries());
      position = page.nextPosition();
    } while (!position.isEmpty() && found.size() < NODES_MAX);
    return found;
  }

  boolean isWithin(Entry entry, Duration age) {
    return !entry.updatedAt().isBefore(clock.instant().minus(age));
  }

  /** Empty for what no version of ours has written. */
  private Optional<NodeJson> read(Entry entry) {
    try {
      var node = json.readValue(entry.value(), NodeJson.class);
      return Optional.ofNullable(node)
          .map(said ->
              new NodeJson(
                  entry.key(),
                  said.host(),
                  said.httpPort(),
                  said.grpcPort(),
                  said.version(),
                  said.startedAt(),
                  said.running(),
                  entry.updatedAt().toString()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  String write(NodeJson node) {
    try {
      return json.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a node cannot be written as JSON", e);
    }
  }
}
