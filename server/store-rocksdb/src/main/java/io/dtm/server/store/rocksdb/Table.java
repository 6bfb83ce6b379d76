package io.dtm.server.store.rocksdb;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The tables, each a column family; {@link RocksDbTransactionStore} says what is in which. */
enum Table {
  DEFINITION(Use.RECORDS),
  BRANCH(Use.RECORDS),
  PROGRESS(Use.RECORDS),
  DUE(Use.INDEX),
  LISTING(Use.INDEX),
  SUCCEEDED(Use.INDEX),
  FAILED(Use.INDEX),
  ENTRY(Use.RECORDS);

  /** How a table is read. */
  enum Use {
    /** Mostly one record by its key. */
    RECORDS,
    /** In order; its entries come and go. */
    INDEX
  }

  private final Use use;

  Table(Use use) {
    this.use = use;
  }

  boolean isIndex() {
    return use == Use.INDEX;
  }

  byte[] nameBytes() {
    return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
  }
}
