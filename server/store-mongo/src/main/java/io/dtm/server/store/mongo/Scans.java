package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.exists;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Filters.lte;
import static com.mongodb.client.model.Filters.nin;
import static com.mongodb.client.model.Projections.include;
import static com.mongodb.client.model.Sorts.ascending;

import com.mongodb.client.MongoCollection;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.DueTransactions;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Work on many transactions at a time, found by their due time or their end: claims, resets,
 * deletion. Thread-safe.
 *
 * <p>A scan reads without locking and writes the next version of what it found like everybody else,
 * so it loses to whoever was faster, another scan included. Indexes round to microseconds; whether
 * a time has come is decided by the exact one in the record.
 */
final class Scans {
  /** A scan stops early when what it has found carries more, so that memory stays bounded. */
  private static final long BATCH_BYTES_MAX = 16L << 20;

  /** Documents that are asked for or deleted with one request. */
  private static final int REQUEST_MAX = 1_000;

  private final MongoCollection<Document> transactions;
  private final Writes writes;
  private final ScanReader reader;

  Scans(MongoCollection<Document> transactions, Writes writes, ScanReader reader) {
    this.transactions = transactions;
    this.writes = writes;
    this.reader = reader;
  }

  DueTransactions claimDue(Instant now, String node, Duration lease, int limit) {
    var until = Micros.plus(now, lease);
    var found = new ArrayList<GlobalTransaction>();
    var unreadable = new ArrayList<Object>();
    if (limit > 0) {
      var due = lte(TransactionDocuments.DUE_AT, Micros.ceiling(now));
      long bytes = 0;
      try (var cursor =
          transactions
              .find(due)
              .sort(ascending(TransactionDocuments.DUE_AT))
              .batchSize(batchSize(limit))
              .cursor()) {
        while (found.size() < limit && bytes < BATCH_BYTES_MAX && cursor.hasNext()) {
          var document = cursor.next();
          var transaction = reader.transaction(document);
          if (transaction.isEmpty()) {
            unreadable.add(document.get(TransactionDocuments.ID));
          } else if (!transaction.get().schedule().dueAt().isAfter(now)) {
            found.add(transaction.get());
            bytes += transaction.get().payloadBytes();
          }
        }
      }
    }
    var claimed =
        change(found, t -> t.withSchedule(t.schedule().claimed(node, until)).nextVersion(now));
    return new DueTransactions(claimed, nextDueAt(unreadable));
  }

  /** When the first one falls due, apart from some that nobody can take. */
  private @Nullable Instant nextDueAt(List<Object> unreadable) {
    // A range of all there is: an index may be used for it, unlike for a mere "exists".
    Bson unfinished = gte(TransactionDocuments.DUE_AT, Long.MIN_VALUE);
    var first =
        transactions
            .find(
                unreadable.isEmpty()
                    ? unfinished
                    : and(unfinished, nin(TransactionDocuments.ID, unreadable)))
            .sort(ascending(TransactionDocuments.DUE_AT))
            .projection(include(TransactionDocuments.DUE_AT, TransactionDocuments.PROGRESS))
            .first();
    if (first == null) {
      return null;
    }
    return reader
        .read(first, TransactionDocuments::dueAt)
        .orElseGet(
            () -> Micros.instant(TransactionDocuments.number(first, TransactionDocuments.DUE_AT)));
  }

  ResetOutcome makeDue(Instant now, Duration beyond, int limit) {
    var threshold = Micros.plus(now, beyond);
    var found = new ArrayList<GlobalTransaction>();
    boolean hasRemaining = false;
    long bytes = 0;
    try (var cursor =
        transactions
            .find(
                and(
                    gte(TransactionDocuments.DUE_AT, Micros.ceiling(threshold)),
                    exists(TransactionDocuments.CLAIMED_BY, false)))
            .sort(ascending(TransactionDocuments.DUE_AT))
            .batchSize(batchSize(limit))
            .cursor()) {
      while (!hasRemaining && cursor.hasNext()) {
        var transaction =
            reader.transaction(cursor.next()).filter(t -> t.schedule().dueAt().isAfter(threshold));
        if (transaction.isPresent()) {
          if (found.size() >= limit || bytes >= BATCH_BYTES_MAX) {
            hasRemaining = true;
          } else {
            found.add(transaction.get());
            bytes += transaction.get().payloadBytes();
          }
        }
      }
    }
    var changed = change(found, t -> t.withSchedule(t.schedule().due(now)).nextVersion(now));
    return new ResetOutcome(changed.size(), hasRemaining);
  }

  /** One more than asked for: often that is all there is, and the cursor is done at once. */
  private static int batchSize(int limit) {
    return Math.min(limit, REQUEST_MAX) + 1;
  }

  /** Writes the next version of those that nobody has changed since they were read. */
  private List<GlobalTransaction> change(
      List<GlobalTransaction> found, UnaryOperator<GlobalTransaction> change) {
    if (found.isEmpty()) {
      return List.of();
    }
    var updates = found.stream().map(t -> new WriteCommand.Update(t, change.apply(t))).toList();
    var outcomes = writes.apply(List.copyOf(updates));
    var changed = new ArrayList<GlobalTransaction>();
    for (int i = 0; i < updates.size(); i++) {
      if (outcomes.get(i) instanceof WriteOutcome.Applied) {
        changed.add(updates.get(i).after());
      }
    }
    return changed;
  }

  int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    var finished =
        and(
            eq(TransactionDocuments.STATUS, Words.of(status)),
            lte(TransactionDocuments.FINISHED_AT, Micros.floor(finishedBefore)));
    int deleted = 0;
    boolean isAtEnd = false;
    // Others may delete the same ones: then there are fewer than were found, but more may be left.
    while (deleted < limit && !isAtEnd) {
      int wanted = Math.min(REQUEST_MAX, limit - deleted);
      var ids = idsOfFinished(finished, finishedBefore, wanted);
      isAtEnd = ids.size() < wanted;
      if (!ids.isEmpty()) {
        // The status again: a gid may have been deleted and created anew meanwhile.
        deleted +=
            (int)
                transactions
                    .deleteMany(and(in(TransactionDocuments.ID, ids), finished))
                    .getDeletedCount();
      }
    }
    return deleted;
  }

  private List<Object> idsOfFinished(Bson finished, Instant finishedBefore, int limit) {
    var ids = new ArrayList<>();
    try (var cursor =
        transactions
            .find(finished)
            .sort(ascending(TransactionDocuments.FINISHED_AT))
            .projection(include(TransactionDocuments.PROGRESS))
            .batchSize(batchSize(limit))
            .cursor()) {
      while (ids.size() < limit && cursor.hasNext()) {
        var document = cursor.next();
        reader
            .read(document, TransactionDocuments::finishedAt)
            .filter(finishedAt -> finishedAt.isBefore(finishedBefore))
            .ifPresent(unused -> ids.add(document.get(TransactionDocuments.ID)));
      }
    }
    return ids;
  }
}
