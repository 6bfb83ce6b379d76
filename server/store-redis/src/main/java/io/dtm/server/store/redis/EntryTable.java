package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.KeyValueStore.EntryPage;
import io.dtm.server.store.kit.PagePosition;
import io.dtm.server.store.kit.RecordUnreadable;
import io.lettuce.core.protocol.CommandType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads and writes settings: few and small, all of them in one slot group. Thread-safe. */
final class EntryTable {
  private static final byte[] LOWEST = {'-'};
  private static final byte[] HIGHEST = {'+'};
  private static final byte[] EXCLUSIVE = {'('};

  private final RedisLink link;
  private final Keys keys;

  EntryTable(RedisLink link, Keys keys) {
    this.link = link;
    this.keys = keys;
  }

  Optional<Entry> find(String category, String key) {
    var fields = link.send(all(EntryName.of(category, key)));
    return fields.isEmpty() ? Optional.empty() : Optional.of(entry(fields));
  }

  private Request all(byte[] name) {
    return Request.Plain.of(CommandType.HGETALL, keys.entry(name));
  }

  EntryPage page(String category, String position, int limit) {
    var names = names(category, position, limit);
    boolean hasNext = names.size() > limit;
    var listed = hasNext ? names.subList(0, limit) : names;
    var entries = new ArrayList<Entry>();
    for (var fields : link.send(listed.stream().map(this::all).toList())) {
      // One that was deleted meanwhile has no fields.
      if (!fields.isEmpty()) {
        entries.add(entry(fields));
      }
    }
    return new EntryPage(entries, hasNext ? PagePosition.SETTING.of(listed.getLast()) : "");
  }

  /** One more than asked for, which tells whether a next page is worth asking for. */
  private List<byte[]> names(String category, String position, int limit) {
    var first = category.isEmpty() ? LOWEST : exclusive(EntryName.first(category));
    var start =
        position.isEmpty() ? first : exclusive(PagePosition.SETTING.key(position, key -> true));
    var end = category.isEmpty() ? HIGHEST : exclusive(EntryName.last(category));
    return link.send(
        Request.Plain.of(
            CommandType.ZRANGEBYLEX,
            keys.entries(),
            start,
            end,
            "LIMIT".getBytes(US_ASCII),
            Request.number(0),
            Request.number(limit + 1L)));
  }

  private static byte[] exclusive(byte[] name) {
    return Keys.joined(EXCLUSIVE, name);
  }

  /** Writes an entry of version 1 or more; its time of creation counts if it is new. */
  boolean put(Entry entry) {
    var name = EntryName.of(entry.category(), entry.key());
    return isApplied(
        new Request.Run(
            Script.PUT_ENTRY,
            List.of(keys.entry(name), keys.entries()),
            List.of(
                Request.number(entry.version() - 1),
                Request.number(entry.version()),
                TextBytes.of(entry.value()),
                TextBytes.of(entry.updatedAt().toString()),
                name,
                TextBytes.of(entry.category()),
                TextBytes.of(entry.key()))));
  }

  boolean delete(String category, String key, long expectedVersion) {
    var name = EntryName.of(category, key);
    return isApplied(
        new Request.Run(
            Script.DELETE_ENTRY,
            List.of(keys.entry(name), keys.entries()),
            List.of(Request.number(expectedVersion), name)));
  }

  private boolean isApplied(Request.Run run) {
    boolean isApplied = Reply.word(link.send(run)).equals("applied");
    if (isApplied) {
      link.awaitReplicas(List.of(SlotGroup.ofSettings()));
    }
    return isApplied;
  }

  private Entry entry(List<byte[]> fields) {
    Map<String, byte[]> values = new HashMap<>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      values.put(new String(fields.get(i), US_ASCII), fields.get(i + 1));
    }
    try {
      return new Entry(
          text(values, "g"),
          text(values, "k"),
          text(values, "d"),
          Long.parseLong(text(values, "v")),
          Instant.parse(text(values, "c")),
          Instant.parse(text(values, "u")));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw link.failures().of(new RecordUnreadable("a setting is damaged: " + e.getMessage(), e));
    }
  }

  private static String text(Map<String, byte[]> values, String field) {
    var value = values.get(field);
    if (value == null) {
      throw new IllegalArgumentException("field %s is missing".formatted(field));
    }
    return TextBytes.text(value);
  }
}
