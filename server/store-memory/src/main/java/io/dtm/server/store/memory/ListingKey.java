package io.dtm.server.store.memory;

import io.dtm.server.core.GlobalTransaction;
import java.time.Instant;
import java.util.Comparator;

/** Orders a listing: newest first, transactions of the same instant by gid. */
record ListingKey(Instant createdAt, String gid) implements Comparable<ListingKey> {
  private static final Comparator<ListingKey> ORDER =
      Comparator.comparing(ListingKey::createdAt).reversed().thenComparing(ListingKey::gid);

  static ListingKey of(GlobalTransaction transaction) {
    return new ListingKey(transaction.definition().createdAt(), transaction.gid().value());
  }

  @Override
  public int compareTo(ListingKey other) {
    return ORDER.compare(this, other);
  }
}
