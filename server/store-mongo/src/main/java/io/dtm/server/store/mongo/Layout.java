package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Indexes.ascending;
import static com.mongodb.client.model.Indexes.compoundIndex;
import static com.mongodb.client.model.Indexes.descending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import io.dtm.server.core.StoreUnavailable;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.Document;

/** The collections of a database, with their indexes and the version of what is in them. */
final class Layout {
  /** Raised when servers of before could no longer work with what is written. */
  static final int VERSION = 1;

  private static final String ID = "layout";
  private static final String VERSION_FIELD = "version";

  private final MongoDatabase database;
  private final String prefix;

  Layout(MongoDatabase database, String prefix) {
    this.database = database;
    this.prefix = prefix;
  }

  MongoCollection<Document> transactions() {
    return database.getCollection(prefix + "transactions");
  }

  MongoCollection<Document> settings() {
    return database.getCollection(prefix + "settings");
  }

  private MongoCollection<Document> meta() {
    return database.getCollection(prefix + "meta");
  }

  /**
   * Makes what is not there. Any number of nodes may do so at the same time.
   *
   * @throws StoreUnavailable when the database has another layout
   */
  void prepare(Failures failures) {
    var stored = meta().find(eq("_id", ID)).first();
    if (stored == null) {
      insertVersion();
      stored = meta().find(eq("_id", ID)).first();
    }
    var found = stored == null ? null : stored.get(VERSION_FIELD);
    if (!(found instanceof Number number) || number.longValue() != VERSION) {
      throw failures.unavailable(
          "%smeta says layout version %s (supported: %d)".formatted(prefix, found, VERSION));
    }
    // Does nothing where an index is there already.
    transactions().createIndexes(transactionIndexes());
    settings().createIndex(ascending(Entries.CATEGORY, Entries.KEY));
  }

  private void insertVersion() {
    try {
      meta().insertOne(new Document("_id", ID).append(VERSION_FIELD, VERSION));
    } catch (MongoWriteException e) {
      // Another node was faster.
      if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
        throw e;
      }
    }
  }

  private static List<IndexModel> transactionIndexes() {
    var sparse = new IndexOptions().sparse(true);
    return List.of(
        new IndexModel(ascending(TransactionDocuments.DUE_AT), sparse),
        new IndexModel(ascending(TransactionDocuments.STATUS, TransactionDocuments.FINISHED_AT)),
        new IndexModel(
            compoundIndex(
                ascending(TransactionDocuments.STATUS),
                descending(TransactionDocuments.CREATED_AT, TransactionDocuments.ID))),
        new IndexModel(descending(TransactionDocuments.CREATED_AT, TransactionDocuments.ID)),
        new IndexModel(
            ascending(TransactionDocuments.EXPIRES_AT),
            new IndexOptions().sparse(true).expireAfter(0L, TimeUnit.SECONDS)));
  }
}
