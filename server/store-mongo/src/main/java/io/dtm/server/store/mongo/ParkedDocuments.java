package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;

import com.mongodb.client.MongoCollection;
import io.dtm.server.core.Parking;
import io.dtm.server.store.kit.Micros;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Parked transactions in the order in which they were parked. Stateless.
 *
 * <p>The index of due times knows no order among documents of the same microsecond, and asking for
 * one would have the server sort all that is parked. Where the reading stops among documents of one
 * time, these are read once more, by id.
 */
final class ParkedDocuments {
  private static final Comparator<Document> ORDER =
      Comparator.comparingLong(ParkedDocuments::dueAt).thenComparing(ParkedDocuments::id);

  private final MongoCollection<Document> transactions;

  ParkedDocuments(MongoCollection<Document> transactions) {
    this.transactions = transactions;
  }

  /** Where a page that ends with this document ends. */
  static String position(Document document) {
    return Positions.ofParked(new Positions.Place(dueAt(document), id(document)));
  }

  /** The whole documents, in the same order; those that have gone meanwhile are left out. */
  List<Document> whole(List<Document> heads) {
    var found = new HashMap<String, Document>();
    var ids = heads.stream().map(ParkedDocuments::id).toList();
    for (var document : transactions.find(in(TransactionDocuments.ID, ids))) {
      found.put(id(document), document);
    }
    return ids.stream().map(found::get).filter(Objects::nonNull).toList();
  }

  /** The first ones behind a position, with nothing but their ids and due times. */
  List<Document> behind(String position, int limit) {
    var found = new ArrayList<Document>();
    long time = Micros.floor(Parking.DUE_FROM) - 1;
    if (!position.isEmpty()) {
      var place = Positions.parked(position);
      time = place.createdAt();
      found.addAll(at(time, place.id(), limit));
    }
    while (found.size() < limit) {
      int wanted = limit - found.size();
      var next =
          read(
              and(
                  gt(TransactionDocuments.DUE_AT, time),
                  lt(TransactionDocuments.DUE_AT, Micros.floor(Parking.DUE_TO))),
              TransactionDocuments.DUE_AT,
              wanted);
      if (next.size() < wanted) {
        found.addAll(next.stream().sorted(ORDER).toList());
        return found;
      }
      long last = dueAt(next.getLast());
      found.addAll(next.stream().filter(d -> dueAt(d) < last).sorted(ORDER).toList());
      found.addAll(at(last, "", limit - found.size()));
      time = last;
    }
    return found;
  }

  /** Those of one time, by id. */
  private List<Document> at(long time, String after, int limit) {
    return read(
        and(eq(TransactionDocuments.DUE_AT, time), gt(TransactionDocuments.ID, after)),
        TransactionDocuments.ID,
        limit);
  }

  private List<Document> read(Bson condition, String order, int limit) {
    return transactions
        .find(condition)
        .projection(include(TransactionDocuments.DUE_AT))
        .sort(ascending(order))
        .limit(limit)
        .into(new ArrayList<>());
  }

  private static long dueAt(Document document) {
    return TransactionDocuments.number(document, TransactionDocuments.DUE_AT);
  }

  private static String id(Document document) {
    return String.valueOf(document.get(TransactionDocuments.ID));
  }
}
