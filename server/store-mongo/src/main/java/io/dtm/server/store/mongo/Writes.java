package io.dtm.server.store.mongo;

import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Projections.include;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.WriteModel;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.Wave;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/** Carries out batches of conditional writes. Thread-safe. */
final class Writes {
  /*
   * A wave is one unordered bulk write: inserts, and updates whose filter names the version they
   * were made from. Each is atomic, and that is all the server has to be able to do. Most often
   * everything goes through, and the counts in the answer say so.
   *
   * The answer tells which insert met a taken gid, but of updates only how many found their
   * document. Then the heads of all that is in doubt are read again. Each write leaves the token of
   * its wave in the document, which holds the last eight: if ours is there, the write took place,
   * even if others have written on top of it since. (Should eight others have done so before we come
   * to look, the write is reported as lost to a state that contains it. Nobody acts on our version
   * any more by then, and whoever meets a conflict goes on from the stored state.)
   *
   * The token is also what makes it safe that the driver sends a write again after the connection
   * broke (retryWrites). MongoDB itself recognizes the second one; a compatible server may take
   * sessions without keeping that promise, and then the second one finds a taken gid or another
   * version, both of its own making.
   */
  private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);
  private static final Bson HEAD =
      include(
          TransactionDocuments.VERSION,
          TransactionDocuments.CREATED_AT,
          TransactionDocuments.WRITERS);

  /** How often a write is tried whose adversary has vanished before it could be looked at. */
  private static final int ATTEMPTS_MAX = 5;

  /** What a document may have, 16 MiB, less some for the fields beside the record. */
  private static final long RECORD_BYTES_MAX = (16L << 20) - (64 << 10);

  /** The codes of the server for a document that an update has made too large. */
  private static final Set<Integer> TOO_LARGE = Set.of(10_334, 17_419, 17_420);

  private final MongoCollection<Document> transactions;
  private final TransactionDocuments documents;
  private final Failures failures;

  Writes(
      MongoCollection<Document> transactions, TransactionDocuments documents, Failures failures) {
    this.transactions = transactions;
    this.documents = documents;
    this.failures = failures;
  }

  List<WriteOutcome> apply(List<WriteCommand> batch) {
    var outcomes = new WriteOutcome[batch.size()];
    for (var wave : Wave.of(batch)) {
      carryOut(wave, outcomes);
    }
    return List.of(outcomes);
  }

  private void carryOut(Wave wave, WriteOutcome[] outcomes) {
    var writer = new ObjectId();
    var open = new ArrayList<Attempt>();
    wave.creates().forEach(place -> prepare(place, writer, open, outcomes));
    wave.updates().forEach(place -> prepare(place, writer, open, outcomes));
    for (int attempts = 0; !open.isEmpty(); attempts++) {
      if (attempts == ATTEMPTS_MAX) {
        throw failures.unavailable(
            "%s and perhaps others: written by others %d times in a row"
                .formatted(open.getFirst().command().gid(), ATTEMPTS_MAX));
      }
      attempt(open, writer, outcomes);
      open.removeIf(attempt -> outcomes[attempt.place().index()] != null);
    }
  }

  private record Attempt(Wave.Place<? extends WriteCommand> place, WriteModel<Document> model) {
    WriteCommand command() {
      return place.command();
    }

    String id() {
      return TransactionDocuments.id(command().gid());
    }
  }

  /** Adds it to what is to be written, unless no document can hold it. */
  private void prepare(
      Wave.Place<? extends WriteCommand> place,
      ObjectId writer,
      List<Attempt> open,
      WriteOutcome[] outcomes) {
    WriteModel<Document> model;
    long bytes;
    switch (place.command()) {
      case WriteCommand.Create create -> {
        var document = documents.created(create.transaction(), writer);
        bytes = TransactionDocuments.recordBytes(document);
        model = new InsertOneModel<>(document);
      }
      case WriteCommand.Update update -> {
        var change = documents.change(update, writer);
        bytes =
            TransactionDocuments.recordBytes(change.get("$set", Document.class))
                + TransactionDocuments.recordBytes(change.get("$push", Document.class));
        model = new UpdateOneModel<>(TransactionDocuments.filter(update.before()), change);
      }
    }
    if (bytes > RECORD_BYTES_MAX) {
      outcomes[place.index()] =
          refused(
              place.command(),
              "takes %d bytes (expected: at most %d, which a document can have)"
                  .formatted(bytes, RECORD_BYTES_MAX));
    } else {
      open.add(new Attempt(place, model));
    }
  }

  private WriteOutcome refused(WriteCommand command, String why) {
    return new WriteOutcome.Refused(failures.describe("%s: %s".formatted(command.gid(), why)));
  }

  /** Writes, and puts down the outcomes that are certain. */
  private void attempt(List<Attempt> attempts, ObjectId writer, WriteOutcome[] outcomes) {
    var doubtful = new ArrayList<Attempt>();
    var written = write(attempts);
    for (int i = 0; i < attempts.size(); i++) {
      var refusal = written.refused().get(i);
      boolean isCertain =
          switch (attempts.get(i).command()) {
            case WriteCommand.Create unused -> !written.taken().contains(i);
            case WriteCommand.Update unused -> written.hasAllUpdates();
          };
      if (refusal != null) {
        outcomes[attempts.get(i).place().index()] = refused(attempts.get(i).command(), refusal);
      } else if (isCertain) {
        outcomes[attempts.get(i).place().index()] = new WriteOutcome.Applied();
      } else {
        doubtful.add(attempts.get(i));
      }
    }
    if (!doubtful.isEmpty()) {
      lookAt(doubtful, writer, outcomes);
    }
  }

  /**
   * What the server says of a bulk write.
   *
   * @param taken the indexes of inserts that met a taken gid
   * @param refused by their indexes, what the server has against writes for their own sake
   * @param hasAllUpdates whether every update found its document, those apart that were refused
   */
  private record Written(Set<Integer> taken, Map<Integer, String> refused, boolean hasAllUpdates) {}

  private Written write(List<Attempt> attempts) {
    long updates =
        attempts.stream().filter(a -> a.command() instanceof WriteCommand.Update).count();
    try {
      var result =
          transactions.bulkWrite(attempts.stream().map(Attempt::model).toList(), UNORDERED);
      return new Written(Set.of(), Map.of(), result.getMatchedCount() == updates);
    } catch (MongoBulkWriteException e) {
      if (e.getWriteConcernError() != null) {
        throw e;
      }
      var taken = new HashSet<Integer>();
      var refused = new HashMap<Integer, String>();
      for (var error : e.getWriteErrors()) {
        if (TOO_LARGE.contains(error.getCode())) {
          refused.put(
              error.getIndex(), "has grown larger than a document can be: " + error.getMessage());
        } else if (error.getCategory() == ErrorCategory.DUPLICATE_KEY) {
          taken.add(error.getIndex());
        } else {
          throw e;
        }
      }
      long expected =
          updates
              - refused.keySet().stream()
                  .filter(i -> attempts.get(i).command() instanceof WriteCommand.Update)
                  .count();
      return new Written(taken, refused, e.getWriteResult().getMatchedCount() == expected);
    }
  }

  private void lookAt(List<Attempt> doubtful, ObjectId writer, WriteOutcome[] outcomes) {
    var heads = read(doubtful, HEAD);
    var lost = new ArrayList<Attempt>();
    for (var attempt : doubtful) {
      var head = heads.get(attempt.id());
      int index = attempt.place().index();
      if (head == null) {
        // Without a document an insert goes through at the next attempt.
        if (attempt.command() instanceof WriteCommand.Update) {
          outcomes[index] = new WriteOutcome.Missing();
        }
      } else if (TransactionDocuments.hasWriter(head, writer)) {
        outcomes[index] = new WriteOutcome.Applied();
      } else if (!isStillExpected(attempt.command(), head)) {
        lost.add(attempt);
      }
    }
    if (!lost.isEmpty()) {
      var stored = read(lost, null);
      for (var attempt : lost) {
        var document = stored.get(attempt.id());
        if (document != null) {
          outcomes[attempt.place().index()] = conflict(document);
        }
      }
    }
  }

  private static WriteOutcome conflict(Document document) {
    try {
      return new WriteOutcome.Conflict(TransactionDocuments.read(document));
    } catch (RecordUnreadable e) {
      return new WriteOutcome.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether an update was refused although its document is as it was, which is so when the server
   * shows us a state from before what stood in our way.
   */
  private static boolean isStillExpected(WriteCommand command, Document head) {
    return command instanceof WriteCommand.Update update
        && TransactionDocuments.isStill(head, update.before());
  }

  private Map<String, Document> read(List<Attempt> attempts, @Nullable Bson projection) {
    var ids = attempts.stream().map(Attempt::id).toList();
    var found = new HashMap<String, Document>();
    for (var document :
        transactions.find(in(TransactionDocuments.ID, ids)).projection(projection)) {
      found.put(document.getString(TransactionDocuments.ID), document);
    }
    return found;
  }
}
