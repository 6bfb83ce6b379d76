package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Sorts.ascending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import io.dtm.server.core.KeyValueStore.Entry;
import io.dtm.server.core.KeyValueStore.EntryPage;
import io.dtm.server.store.kit.RecordUnreadable;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;

/**
 * The settings: a document for each, under its category and key. Times are text, which keeps every
 * nanosecond. Thread-safe.
 */
final class Entries {
  static final String CATEGORY = "_id.category";
  static final String KEY = "_id.key";

  private static final String ID = "_id";
  private static final String VALUE = "value";
  private static final String VERSION = "version";
  private static final String CREATED_AT = "createdAt";
  private static final String UPDATED_AT = "updatedAt";

  /** Who wrote last, so that a write that was sent twice is recognized; see {@link Writes}. */
  private static final String WRITER = "writer";

  /** Documents that are asked for with one request. */
  private static final int REQUEST_MAX = 1_000;

  private final MongoCollection<Document> settings;

  Entries(MongoCollection<Document> settings) {
    this.settings = settings;
  }

  Optional<Entry> find(String category, String key) {
    return Optional.ofNullable(settings.find(eq(ID, id(category, key))).first()).map(Entries::read);
  }

  EntryPage page(String category, String position, int limit) {
    var conditions = new ArrayList<Bson>();
    if (!category.isEmpty()) {
      conditions.add(eq(CATEGORY, StoredTexts.stored(category)));
    }
    if (!position.isEmpty()) {
      var last = Positions.key(position);
      conditions.add(gte(CATEGORY, last.category()));
      conditions.add(or(gt(CATEGORY, last.category()), gt(KEY, last.key())));
    }
    var page = new ArrayList<Entry>();
    try (var cursor =
        settings
            .find(conditions.isEmpty() ? new Document() : and(conditions))
            .sort(ascending(CATEGORY, KEY))
            .batchSize(Math.min(limit, REQUEST_MAX) + 1)
            .cursor()) {
      while (page.size() < limit && cursor.hasNext()) {
        page.add(read(cursor.next()));
      }
      return new EntryPage(page, cursor.hasNext() ? position(page.getLast()) : "");
    }
  }

  private static String position(Entry last) {
    return Positions.of(
        new Positions.Key(StoredTexts.stored(last.category()), StoredTexts.stored(last.key())));
  }

  boolean put(String category, String key, String value, long expectedVersion, Instant now) {
    var id = id(category, key);
    var writer = new ObjectId();
    var changed =
        new Document(VERSION, expectedVersion + 1)
            .append(VALUE, StoredTexts.stored(value))
            .append(UPDATED_AT, now.toString())
            .append(WRITER, writer);
    boolean isWritten =
        expectedVersion == 0
            ? insert(new Document(ID, id).append(CREATED_AT, now.toString()), changed)
            : settings
                    .updateOne(
                        and(eq(ID, id), eq(VERSION, expectedVersion)),
                        new Document("$set", changed))
                    .getMatchedCount()
                == 1;
    return isWritten || settings.find(and(eq(ID, id), eq(WRITER, writer))).first() != null;
  }

  /** Adds a document, unless its name is taken. */
  private boolean insert(Document document, Document rest) {
    document.putAll(rest);
    try {
      settings.insertOne(document);
      return true;
    } catch (MongoWriteException e) {
      if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
        return false;
      }
      throw e;
    }
  }

  boolean delete(String category, String key, long expectedVersion) {
    return settings
            .deleteOne(and(eq(ID, id(category, key)), eq(VERSION, expectedVersion)))
            .getDeletedCount()
        == 1;
  }

  /** In this order of fields, which counts when whole names are compared. */
  private static Document id(String category, String key) {
    return new Document("category", StoredTexts.stored(category))
        .append("key", StoredTexts.stored(key));
  }

  private static Entry read(Document document) {
    try {
      var id = document.get(ID, Document.class);
      return new Entry(
          StoredTexts.original(id.getString("category")),
          StoredTexts.original(id.getString("key")),
          StoredTexts.original(document.getString(VALUE)),
          TransactionDocuments.number(document, VERSION),
          Instant.parse(document.getString(CREATED_AT)),
          Instant.parse(document.getString(UPDATED_AT)));
    } catch (ClassCastException
        | NullPointerException
        | DateTimeException
        | IllegalArgumentException e) {
      throw new RecordUnreadable(
          "setting %s: damaged: %s".formatted(document.get(ID), e.getMessage()), e);
    }
  }
}
