package io.dtm.server.store.mongo;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.kit.RecordUnreadable;
import java.util.Optional;
import java.util.function.Function;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads documents on behalf of scans, which one unreadable document must not stop. Thread-safe. */
final class ScanReader {
  private static final Logger LOG = LoggerFactory.getLogger(ScanReader.class);

  private final MongoStoreConfig config;

  ScanReader(MongoStoreConfig config) {
    this.config = config;
  }

  /** The transaction; empty, and an error in the log, when it cannot be read. */
  Optional<GlobalTransaction> transaction(Document document) {
    return read(document, TransactionDocuments::read);
  }

  /** Something of the document, likewise. */
  <T> Optional<T> read(Document document, Function<Document, T> part) {
    try {
      return Optional.of(part.apply(document));
    } catch (RecordUnreadable e) {
      LOG.error("{}: passed over a document: {}", config.describe(), e.getMessage(), e);
      return Optional.empty();
    }
  }
}
