package io.dtm.barrier.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.dtm.barrier.BarrierMark;
import io.dtm.protocol.Keys;
import java.util.Optional;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** Marks as the documents of a collection. */
final class MarkDocuments {
  private static final String BARRIER_ID = "barrier_id";
  private static final String REASON = "reason";

  private final MongoCollection<Document> collection;

  MarkDocuments(MongoCollection<Document> collection) {
    this.collection = collection;
  }

  void createIndex() {
    var unused =
        collection.createIndex(
            Indexes.ascending(Keys.GID, Keys.BRANCH_ID, Keys.OP, BARRIER_ID),
            new IndexOptions().unique(true));
  }

  /**
   * Sets the mark if there is none in its place. Looks first, because a failed insert would end the
   * transaction.
   *
   * @return empty when it was set, else the one that stands there
   */
  Optional<BarrierMark> set(ClientSession session, BarrierMark mark) {
    var standing = collection.find(session, place(mark)).first();
    if (standing != null) {
      return Optional.of(mark.withReason(standing.getString(REASON)));
    }
    var unused = collection.insertOne(session, document(mark));
    return Optional.empty();
  }

  /** Sets the mark outside of any transaction, if there is none, and tells the one that stands. */
  BarrierMark setOrFind(BarrierMark mark) {
    try {
      var unused = collection.insertOne(document(mark));
      return mark;
    } catch (MongoWriteException e) {
      @Nullable Document standing = collection.find(place(mark)).first();
      if (!isTaken(e) || standing == null) {
        throw e;
      }
      return mark.withReason(standing.getString(REASON));
    }
  }

  static boolean isTaken(MongoException e) {
    return ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY;
  }

  private static Bson place(BarrierMark mark) {
    return and(
        eq(Keys.GID, mark.gid()),
        eq(Keys.BRANCH_ID, mark.branchId()),
        eq(Keys.OP, mark.op()),
        eq(BARRIER_ID, mark.barrierId()));
  }

  private static Document document(BarrierMark mark) {
    return new Document(Keys.TRANS_TYPE, mark.transType())
        .append(Keys.GID, mark.gid())
        .append(Keys.BRANCH_ID, mark.branchId())
        .append(Keys.OP, mark.op())
        .append(BARRIER_ID, mark.barrierId())
        .append(REASON, mark.reason());
  }
}
