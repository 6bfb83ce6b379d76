package io.dtm.server.api;

import io.dtm.protocol.KeyValueListJson;
import io.dtm.protocol.Keys;
import io.dtm.protocol.Nodes;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.KeyValueStore.EntryPage;
import org.jspecify.annotations.Nullable;

/** Questions about the settings that all nodes share. */
final class KeyValueRoutes {
  private final KeyValueStore keyValues;
  private final TransactionMapper mapper;
  private final Replies replies;
  private final int listMax;

  KeyValueRoutes(KeyValueStore keyValues, TransactionMapper mapper, Replies replies, int listMax) {
    this.keyValues = keyValues;
    this.mapper = mapper;
    this.replies = replies;
    this.listMax = listMax;
  }

  Reply scan(EdgeRequest request) {
    var query = request.query();
    int limit = query.limit(Keys.LIMIT, QueryRoutes.LIMIT_DEFAULT, listMax);
    var page = page(query.text(Keys.CAT), query.text(Keys.POSITION), limit);
    return replies.value(listing(page, page.nextPosition()));
  }

  /**
   * One entry, or all of a category; of more than fit in a page the first, and where to scan on.
   */
  Reply query(EdgeRequest request) {
    var category = request.query().text(Keys.CAT);
    var key = request.query().text(Keys.KEY);
    if (!key.isEmpty() && category.isEmpty()) {
      throw InvalidRequest.of(Keys.CAT, "missing", "the category of the key");
    }
    if (!key.isEmpty()) {
      var found = keyValues.findEntry(category, key).map(mapper::entry).stream().toList();
      return replies.value(new KeyValueListJson(found, null));
    }
    var page = page(category, "", listMax);
    var next = page.nextPosition().isEmpty() ? null : page.nextPosition();
    return replies.value(listing(page, next));
  }

  private KeyValueListJson listing(EntryPage page, @Nullable String next) {
    return new KeyValueListJson(page.entries().stream().map(mapper::entry).toList(), next);
  }

  /** Who asks for all categories asks for settings, and what servers say of themselves is none. */
  private static EntryPage withoutNodes(EntryPage page) {
    var settings =
        page.entries().stream().filter(e -> !e.category().equals(Nodes.CATEGORY)).toList();
    return new EntryPage(settings, page.nextPosition());
  }

  private EntryPage page(String category, String position, int limit) {
    try {
      var page = keyValues.listEntries(category, position, limit);
      return category.isEmpty() ? withoutNodes(page) : page;
    } catch (IllegalArgumentException e) {
      throw InvalidRequest.of(Keys.POSITION, position, "the next_position of an earlier answer");
    }
  }
}
