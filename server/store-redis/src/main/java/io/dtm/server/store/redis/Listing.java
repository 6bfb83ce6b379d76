package io.dtm.server.store.redis;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.TransactionStore.TransactionFilter;
import io.dtm.server.core.TransactionStore.TransactionPage;
import io.dtm.server.store.kit.Codes;
import io.dtm.server.store.kit.PagePosition;
import io.dtm.server.store.redis.IndexMerge.Direction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Reads a listing newest first. There is an index of all transactions and one for each status;
 * which mode a transaction has is seen in the index as well. Thread-safe.
 */
final class Listing {
  private static final byte[] START = {};

  private final RedisLink link;
  private final TransactionTable table;
  private final Keys keys;

  Listing(RedisLink link, TransactionTable table, Keys keys) {
    this.link = link;
    this.table = table;
    this.keys = keys;
  }

  TransactionPage page(TransactionFilter filter, String position, int limit) {
    if (filter.parked()) {
      return parked(filter, position, limit);
    }
    var places =
        new IndexMerge(
            link,
            indexes(filter),
            Direction.DESCENDING,
            start(filter, position),
            modes(filter),
            limit + 1);
    var oldest = filter.createdFrom();
    Predicate<byte[]> isInRange = place -> oldest == null || !Members.time(place).isBefore(oldest);
    var page = new ArrayList<GlobalTransaction>();
    var bite = new Bite();
    byte[] last = START;
    while (page.size() < limit && bite.hasRoom()) {
      var taken = places.take(bite.size(limit - page.size()), isInRange);
      if (taken.isEmpty()) {
        return new TransactionPage(page, "");
      }
      last = taken.getLast();
      var found = table.readListed(taken);
      bite.taken(found);
      found.stream().filter(filter::matches).forEach(page::add);
    }
    var next = places.peek();
    boolean hasNext = next != null && isInRange.test(next);
    return new TransactionPage(page, hasNext ? PagePosition.TRANSACTION.of(last) : "");
  }

  /** The parked ones are a range of the due ones. */
  private TransactionPage parked(TransactionFilter filter, String position, int limit) {
    var start =
        position.isEmpty()
            ? Members.firstAt(Parking.DUE_FROM)
            : PagePosition.PARKED.key(position, Members::isTimed);
    var due = SlotGroup.all().stream().map(keys::group).map(Keys.Group::due).toList();
    var members = new IndexMerge(link, due, Direction.ASCENDING, start, member -> true, limit + 1);
    Predicate<byte[]> isParked = member -> Members.time(member).isBefore(Parking.DUE_TO);
    var page = new ArrayList<GlobalTransaction>();
    var bite = new Bite();
    byte[] last = START;
    int lookedAt = 0;
    while (lookedAt < limit && bite.hasRoom()) {
      var taken = members.take(bite.size(limit - lookedAt), isParked);
      if (taken.isEmpty()) {
        return new TransactionPage(page, "");
      }
      lookedAt += taken.size();
      last = taken.getLast();
      var found = table.readDue(taken, ignored -> {});
      bite.taken(found);
      found.stream().filter(filter::matches).forEach(page::add);
    }
    var next = members.peek();
    boolean hasNext = next != null && isParked.test(next);
    return new TransactionPage(page, hasNext ? PagePosition.PARKED.of(last) : "");
  }

  private List<byte[]> indexes(TransactionFilter filter) {
    var status = filter.status();
    return SlotGroup.all().stream()
        .map(keys::group)
        .map(group -> status == null ? group.all() : group.list(status))
        .toList();
  }

  /** Where to begin, exclusive: what comes first in the listing is the highest in the index. */
  private static byte[] start(TransactionFilter filter, String position) {
    var newest = filter.createdTo();
    var start = newest == null ? START : Members.lastAt(newest);
    if (position.isEmpty()) {
      return start;
    }
    var place = PagePosition.TRANSACTION.key(position, Members::isPlace);
    return start.length > 0 && Arrays.compareUnsigned(start, place) < 0 ? start : place;
  }

  private static Predicate<byte[]> modes(TransactionFilter filter) {
    var mode = filter.mode();
    return mode == null ? place -> true : place -> Members.modeCode(place) == Codes.of(mode);
  }
}
