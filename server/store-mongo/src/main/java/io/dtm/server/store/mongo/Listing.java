package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.or;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.client.MongoCollection;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.Words;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.conversions.Bson;

/**
 * Reads a listing newest first; transactions of the same microsecond are ordered by gid. A page
 * begins behind the place where the last one ended, whatever was deleted since. Thread-safe.
 */
final class Listing {
  /** A page ends early when its transactions carry more, so that memory stays bounded. */
  private static final long PAGE_BYTES_MAX = 16L << 20;

  /** Documents that are asked for with one request. */
  private static final int REQUEST_MAX = 1_000;

  /** Whole documents of parked transactions that are asked for with one request. */
  private static final int PARKED_REQUEST_MAX = 16;

  private final MongoCollection<Document> transactions;
  private final ScanReader reader;
  private final ParkedDocuments parked;

  Listing(MongoCollection<Document> transactions, ScanReader reader) {
    this.transactions = transactions;
    this.reader = reader;
    this.parked = new ParkedDocuments(transactions);
  }

  TransactionPage page(TransactionFilter filter, String position, int limit) {
    return filter.parked() ? parked(filter, position, limit) : newestFirst(filter, position, limit);
  }

  /** The parked ones are a range of the index of due times. */
  private TransactionPage parked(TransactionFilter filter, String position, int limit) {
    // One more than asked for tells whether a next page is worth asking for.
    var heads = parked.behind(position, limit + 1);
    var page = new ArrayList<GlobalTransaction>();
    long bytes = 0;
    int lookedAt = 0;
    while (lookedAt < Math.min(limit, heads.size()) && bytes < PAGE_BYTES_MAX) {
      int end = Math.min(lookedAt + PARKED_REQUEST_MAX, Math.min(limit, heads.size()));
      for (var document : parked.whole(heads.subList(lookedAt, end))) {
        var transaction = reader.transaction(document);
        bytes += transaction.map(GlobalTransaction::payloadBytes).orElse(0L);
        transaction.filter(filter::matches).ifPresent(page::add);
      }
      lookedAt = end;
    }
    boolean hasNext = lookedAt < heads.size();
    return new TransactionPage(
        page, hasNext ? ParkedDocuments.position(heads.get(lookedAt - 1)) : "");
  }

  private TransactionPage newestFirst(TransactionFilter filter, String position, int limit) {
    var page = new ArrayList<GlobalTransaction>();
    long bytes = 0;
    var conditions = conditions(filter);
    if (!position.isEmpty()) {
      conditions.addAll(behind(Positions.place(position)));
    }
    try (var cursor =
        transactions
            .find(conditions.isEmpty() ? new Document() : and(conditions))
            .sort(descending(TransactionDocuments.CREATED_AT, TransactionDocuments.ID))
            .batchSize(Math.min(limit, REQUEST_MAX) + 1)
            .cursor()) {
      var last = "";
      while (page.size() < limit && bytes < PAGE_BYTES_MAX && cursor.hasNext()) {
        var document = cursor.next();
        // The conditions round to microseconds, the filter does not.
        var transaction = reader.transaction(document).filter(filter::matches);
        if (transaction.isPresent()) {
          page.add(transaction.get());
          bytes += transaction.get().payloadBytes();
          last = Positions.of(place(document));
        }
      }
      return new TransactionPage(page, cursor.hasNext() ? last : "");
    }
  }

  private static List<Bson> conditions(TransactionFilter filter) {
    var conditions = new ArrayList<Bson>();
    if (filter.status() != null) {
      conditions.add(eq(TransactionDocuments.STATUS, Words.of(filter.status())));
    }
    if (filter.mode() != null) {
      conditions.add(eq(TransactionDocuments.MODE, Words.of(filter.mode())));
    }
    if (filter.createdFrom() != null) {
      conditions.add(gte(TransactionDocuments.CREATED_AT, Micros.floor(filter.createdFrom())));
    }
    if (filter.createdTo() != null) {
      conditions.add(lte(TransactionDocuments.CREATED_AT, Micros.floor(filter.createdTo())));
    }
    return conditions;
  }

  /** The range comes first, on its own: it is what an index is used for. */
  private static List<Bson> behind(Positions.Place place) {
    return List.of(
        lte(TransactionDocuments.CREATED_AT, place.createdAt()),
        or(
            lt(TransactionDocuments.CREATED_AT, place.createdAt()),
            lt(TransactionDocuments.ID, place.id())));
  }

  private static Positions.Place place(Document document) {
    return new Positions.Place(
        TransactionDocuments.number(document, TransactionDocuments.CREATED_AT),
        TransactionDocuments.id(TransactionDocuments.gid(document)));
  }
}
