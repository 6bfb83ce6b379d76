package io.dtm.server.store.mongo;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.kit.RecordChange;
import io.dtm.server.store.kit.RecordCodec;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.TransactionRecord;
import io.dtm.server.store.kit.Words;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.ObjectId;
import org.jspecify.annotations.Nullable;

/**
 * Transactions as documents and back. Immutable.
 *
 * <p>The record of a transaction is in three binary fields. What the server compares or sorts by,
 * and what people want to see, is beside them: times in whole microseconds since 1970, statuses and
 * modes in words.
 */
final class TransactionDocuments {
  static final String ID = "_id";
  static final String VERSION = "version";
  static final String CREATED_AT = "createdAt";
  static final String STATUS = "status";
  static final String MODE = "mode";

  /** Only while unfinished. */
  static final String DUE_AT = "dueAt";

  /** The node at work, while there is one. */
  static final String CLAIMED_BY = "claimedBy";

  /** Only when finished. */
  static final String FINISHED_AT = "finishedAt";

  /** When the server deletes it by itself; only when finished, and not to be kept for ever. */
  static final String EXPIRES_AT = "expiresAt";

  static final String DEFINITION = "definition";
  static final String APPENDED = "appended";
  static final String PROGRESS = "progress";

  /** The tokens of the last writes, the newest at the end. */
  static final String WRITERS = "writers";

  private static final int WRITERS_MAX = 8;
  private static final long MICROS_PER_MILLI = 1_000;

  private final MongoStoreConfig config;

  TransactionDocuments(MongoStoreConfig config) {
    this.config = config;
  }

  /** The document of a transaction that is new to the store. */
  Document created(GlobalTransaction transaction, ObjectId writer) {
    var record = TransactionRecord.of(transaction);
    var document =
        new Document(ID, id(transaction.gid()))
            .append(CREATED_AT, createdAt(transaction))
            .append(MODE, Words.of(transaction.mode()));
    document.putAll(changing(transaction));
    return document
        .append(DEFINITION, new Binary(record.definition()))
        .append(APPENDED, List.of())
        .append(PROGRESS, new Binary(record.progress()))
        .append(WRITERS, List.of(writer));
  }

  /** The document that an update may be applied to; every other one has been changed meanwhile. */
  static Document filter(GlobalTransaction before) {
    return new Document(ID, id(before.gid()))
        .append(VERSION, before.version())
        .append(CREATED_AT, createdAt(before));
  }

  /** What an update does to it. */
  Document change(WriteCommand.Update update, ObjectId writer) {
    var change = RecordChange.of(update);
    var after = update.after();
    var set = changing(after).append(PROGRESS, new Binary(change.progress()));
    var push = new Document(WRITERS, lastOf(writer));
    var definition = change.definition();
    if (definition != null) {
      set.append(MODE, Words.of(after.mode()))
          .append(DEFINITION, new Binary(definition))
          .append(APPENDED, List.of());
    } else if (change.appended().length > 0) {
      push.append(APPENDED, new Binary(change.appended()));
    }
    var unset = new Document();
    for (var name : List.of(DUE_AT, CLAIMED_BY)) {
      if (!set.containsKey(name)) {
        unset.append(name, "");
      }
    }
    var document = new Document("$set", set).append("$push", push);
    return unset.isEmpty() ? document : document.append("$unset", unset);
  }

  private static Document lastOf(ObjectId writer) {
    return new Document("$each", List.of(writer)).append("$slice", -WRITERS_MAX);
  }

  /** The fields beside the record that a write may change. */
  private Document changing(GlobalTransaction transaction) {
    var document =
        new Document(VERSION, transaction.version()).append(STATUS, Words.of(transaction.status()));
    var finishedAt = transaction.progress().finishedAt();
    if (finishedAt == null) {
      var schedule = transaction.schedule();
      document.append(DUE_AT, Micros.ceiling(schedule.dueAt()));
      return schedule.isClaimed() ? document.append(CLAIMED_BY, schedule.claimedBy()) : document;
    }
    document.append(FINISHED_AT, Micros.floor(finishedAt));
    var retention =
        transaction.status() == TransactionStatus.SUCCEEDED
            ? config.retentionSucceeded()
            : config.retentionFailed();
    return retention.isZero()
        ? document
        : document.append(EXPIRES_AT, date(Micros.plus(finishedAt, retention)));
  }

  /** The first whole millisecond that is not before, which is all a date of the server can be. */
  private static Instant date(Instant instant) {
    return Instant.ofEpochMilli(Math.ceilDiv(Micros.ceiling(instant), MICROS_PER_MILLI));
  }

  private static long createdAt(GlobalTransaction transaction) {
    return Micros.floor(transaction.definition().createdAt());
  }

  /** Whether that write is among the last ones of the document. */
  static boolean hasWriter(Document document, ObjectId writer) {
    var writers = document.get(WRITERS);
    return writers instanceof List<?> list && list.contains(writer);
  }

  /** Whether it is the very document that {@link #filter} looks for. */
  static boolean isStill(Document document, GlobalTransaction before) {
    return number(document, VERSION) == before.version()
        && number(document, CREATED_AT) == createdAt(before);
  }

  /**
   * The transaction.
   *
   * @throws RecordUnreadable when the document is damaged or was written by a newer server
   */
  static GlobalTransaction read(Document document) {
    var gid = gid(document);
    var appended = new ByteArrayOutputStream();
    if (document.get(APPENDED) instanceof List<?> parts) {
      for (var part : parts) {
        appended.writeBytes(bytes(document, APPENDED, part));
      }
    }
    return TransactionRecord.stored(
            bytes(document, DEFINITION, document.get(DEFINITION)),
            appended.toByteArray(),
            progress(document))
        .read(gid);
  }

  /** The exact due time, of which {@link #DUE_AT} is rounded. */
  static Instant dueAt(Document document) {
    return RecordCodec.schedule(gid(document), progress(document)).dueAt();
  }

  /** The exact end, of which {@link #FINISHED_AT} is rounded. */
  static Instant finishedAt(Document document) {
    var gid = gid(document);
    var finishedAt = RecordCodec.head(gid, progress(document)).finishedAt();
    if (finishedAt == null) {
      throw new RecordUnreadable("progress of %s: not finished".formatted(gid), null);
    }
    return finishedAt;
  }

  static String id(Gid gid) {
    return StoredTexts.stored(gid.value());
  }

  static Gid gid(Document document) {
    if (document.get(ID) instanceof String id) {
      try {
        return new Gid(StoredTexts.original(id));
      } catch (IllegalArgumentException e) {
        throw new RecordUnreadable("_id of a transaction: %s".formatted(e.getMessage()), e);
      }
    }
    throw new RecordUnreadable(
        "_id of a transaction: %s (expected: a string)".formatted(document.get(ID)), null);
  }

  static long number(Document document, String field) {
    if (document.get(field) instanceof Number number) {
      return number.longValue();
    }
    throw new RecordUnreadable(
        "%s of %s: %s (expected: a number)".formatted(field, document.get(ID), document.get(field)),
        null);
  }

  /** How many bytes of the record are among some fields. */
  static long recordBytes(Document fields) {
    return fields.values().stream()
        .mapToLong(value -> value instanceof Binary binary ? binary.length() : 0)
        .sum();
  }

  private static byte[] progress(Document document) {
    return bytes(document, PROGRESS, document.get(PROGRESS));
  }

  private static byte[] bytes(Document document, String field, @Nullable Object value) {
    if (value instanceof Binary binary) {
      return binary.getData();
    }
    throw new RecordUnreadable(
        "%s of %s: not there (expected: binary data)".formatted(field, document.get(ID)), null);
  }
}
