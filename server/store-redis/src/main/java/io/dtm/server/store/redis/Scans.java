package io.dtm.server.store.redis;

import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.TransactionStore.DueTransactions;
import io.dtm.server.core.TransactionStore.ResetOutcome;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.Micros;
import io.dtm.server.store.redis.IndexMerge.Direction;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Work on many transactions at a time, found by their due time or their end: claims, resets,
 * deletion. Everything is read first and then changed by conditional writes, so that nodes that
 * scan at the same time share what there is, and lose races without harm. Thread-safe.
 */
final class Scans {
  /** Transactions deleted in one round trip. */
  private static final int DELETIONS_MAX = 256;

  /** The groups are looked at in so many parts while another node scans as well. */
  private static final int CONTENDED_PARTS = 4;

  private static final byte[] START = {};

  private final RedisLink link;
  private final TransactionTable table;
  private final List<Keys.Group> groups;

  /**
   * Whether most of the last bite was another node's. Nodes that scan in step all find the same
   * oldest ones, and all but one would lose every race: so whoever loses looks at a part of the
   * groups the next time, and at all of them only when it finds nothing there.
   */
  private volatile boolean isContended;

  Scans(RedisLink link, TransactionTable table, Keys keys) {
    this.link = link;
    this.table = table;
    this.groups = SlotGroup.all().stream().map(keys::group).toList();
  }

  DueTransactions claimDue(Instant now, int limit, UnaryOperator<GlobalTransaction> claim) {
    Predicate<byte[]> isDue = member -> !Members.time(member).isAfter(now);
    var unreadable = new TreeSet<byte[]>(Arrays::compareUnsigned);
    var claimed =
        isContended
            ? claim(someGroups(), isDue, limit, claim, unreadable)
            : List.<GlobalTransaction>of();
    if (claimed.isEmpty() && limit > 0) {
      claimed = claim(groups, isDue, limit, claim, unreadable);
    }
    return new DueTransactions(claimed, unreadable.isEmpty() ? firstDue() : firstDue(unreadable));
  }

  /** A part of the groups, another one each time. */
  private List<Keys.Group> someGroups() {
    int first = ThreadLocalRandom.current().nextInt(groups.size());
    return IntStream.range(first, first + groups.size() / CONTENDED_PARTS)
        .mapToObj(i -> groups.get(i % groups.size()))
        .toList();
  }

  private List<GlobalTransaction> claim(
      List<Keys.Group> scanned,
      Predicate<byte[]> isDue,
      int limit,
      UnaryOperator<GlobalTransaction> claim,
      Collection<byte[]> unreadable) {
    var due = due(scanned, START, member -> true, limit);
    var claimed = new ArrayList<GlobalTransaction>();
    var bite = new Bite();
    while (claimed.size() < limit && bite.hasRoom()) {
      var members = due.take(bite.size(limit - claimed.size()), isDue);
      if (members.isEmpty()) {
        break;
      }
      var won = change(members, bite, claim, unreadable);
      isContended = won.size() * 2 < members.size();
      claimed.addAll(won);
    }
    return claimed;
  }

  /** When the first one falls due now, whoever has written meanwhile. */
  private @Nullable Instant firstDue() {
    var first = Request.number(0);
    var replies =
        link.send(
            groups.stream()
                .map(group -> Request.Plain.of(CommandType.ZRANGE, group.due(), first, first))
                .toList());
    return replies.stream()
        .flatMap(List::stream)
        .min(Arrays::compareUnsigned)
        .map(Members::time)
        .orElse(null);
  }

  /** Likewise, apart from some that nobody here can take. */
  private @Nullable Instant firstDue(Collection<byte[]> unreadable) {
    var first = due(groups, START, member -> !unreadable.contains(member), 1).peek();
    return first == null ? null : Members.time(first);
  }

  ResetOutcome makeDue(Instant now, Duration beyond, int limit) {
    var after = Members.lastAt(Micros.plus(now, beyond));
    var later = due(groups, after, member -> !Members.isLeased(member), limit);
    int count = 0;
    var bite = new Bite();
    while (count < limit && bite.hasRoom()) {
      var members = later.take(bite.size(limit - count), member -> true);
      if (members.isEmpty()) {
        break;
      }
      UnaryOperator<GlobalTransaction> reset =
          found -> found.withSchedule(found.schedule().due(now)).nextVersion(now);
      count += change(members, bite, reset, new ArrayList<>()).size();
    }
    return new ResetOutcome(count, later.peek() != null);
  }

  private IndexMerge due(
      List<Keys.Group> scanned, byte[] after, Predicate<byte[]> filter, int expected) {
    var keys = scanned.stream().map(Keys.Group::due).toList();
    return new IndexMerge(link, keys, Direction.ASCENDING, after, filter, expected);
  }

  /** Writes the next version of those that nobody has changed since they were read. */
  private List<GlobalTransaction> change(
      List<byte[]> members,
      Bite bite,
      UnaryOperator<GlobalTransaction> change,
      Collection<byte[]> unreadable) {
    var found = table.readDue(members, unreadable::add);
    bite.taken(found);
    var updates = found.stream().map(t -> new WriteCommand.Update(t, change.apply(t))).toList();
    var outcomes = table.write(updates);
    var changed = new ArrayList<GlobalTransaction>();
    for (int i = 0; i < updates.size(); i++) {
      if (outcomes.get(i) instanceof WriteOutcome.Applied) {
        changed.add(updates.get(i).after());
      }
    }
    return changed;
  }

  int deleteFinished(TransactionStatus status, Instant finishedBefore, int limit) {
    var keys = groups.stream().map(group -> group.byTime(status)).toList();
    var finished = new IndexMerge(link, keys, Direction.ASCENDING, START, member -> true, limit);
    int deleted = 0;
    while (deleted < limit) {
      var members =
          finished.take(
              Math.min(limit - deleted, DELETIONS_MAX),
              member -> Members.time(member).isBefore(finishedBefore));
      if (members.isEmpty()) {
        break;
      }
      deleted += table.delete(status, members);
    }
    return deleted;
  }
}
