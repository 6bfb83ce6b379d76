package io.dtm.server.store.redis;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.TransactionStatus;
import io.dtm.server.core.WriteCommand;
import io.dtm.server.core.WriteOutcome;
import io.dtm.server.store.kit.RecordChange;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.TransactionRecord;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads and writes transactions, many at a time. Thread-safe. */
final class TransactionTable {
  private static final Logger LOG = LoggerFactory.getLogger(TransactionTable.class);
  private static final byte[] NOTHING = {};

  private final RedisLink link;
  private final Keys keys;
  private final RedisStoreConfig config;
  private final InstantSource clock;
  private final long valueBytesMax;

  /**
   * @param valueBytesMax how long a value may be that is sent to the servers: they break the
   *     connection over a longer one
   */
  TransactionTable(
      RedisLink link, Keys keys, RedisStoreConfig config, InstantSource clock, long valueBytesMax) {
    this.link = link;
    this.keys = keys;
    this.config = config;
    this.clock = clock;
    this.valueBytesMax = valueBytesMax;
  }

  // Writing.

  /** Carries out commands on different transactions; the outcomes are in their order. */
  List<WriteOutcome> write(List<? extends WriteCommand> commands) {
    var requests = commands.stream().map(this::request).toList();
    var replies = link.send(requests.stream().filter(this::fits).toList()).iterator();
    var outcomes = new ArrayList<WriteOutcome>();
    for (int i = 0; i < commands.size(); i++) {
      var gid = commands.get(i).gid();
      outcomes.add(
          fits(requests.get(i)) ? outcome(gid, replies.next()) : tooLarge(gid, requests.get(i)));
    }
    return outcomes;
  }

  private boolean fits(Request.Run request) {
    return request.longestValue() <= valueBytesMax;
  }

  private WriteOutcome tooLarge(Gid gid, Request.Run request) {
    return new WriteOutcome.Refused(
        "redis %s: transaction %s: a value takes %d bytes (expected: at most %d, see"
                .formatted(config.topology(), gid, request.longestValue(), valueBytesMax)
            + " proto-max-bulk-len)");
  }

  /** Returns when enough replicas have what was written of these. */
  void awaitReplicas(List<? extends WriteCommand> commands) {
    if (config.replicas() == 0) {
      return;
    }
    link.awaitReplicas(
        commands.stream()
            .map(command -> SlotGroup.of(TextBytes.of(command.gid().value())))
            .distinct()
            .toList());
  }

  private Request.Run request(WriteCommand command) {
    return switch (command) {
      case WriteCommand.Create create -> request(create);
      case WriteCommand.Update update -> request(update);
    };
  }

  private Request.Run request(WriteCommand.Create create) {
    var transaction = create.transaction();
    var gid = TextBytes.of(transaction.gid().value());
    var group = keys.group(SlotGroup.of(gid));
    var status = transaction.status();
    var record = TransactionRecord.of(transaction);
    return new Request.Run(
        Script.CREATE,
        List.of(group.transaction(gid), group.byTime(status), group.all(), group.list(status)),
        List.of(
            Request.number(transaction.version()),
            Members.place(transaction),
            Members.timed(transaction),
            record.definition(),
            record.progress(),
            millisToLive(transaction)));
  }

  private Request.Run request(WriteCommand.Update update) {
    var before = update.before();
    var after = update.after();
    var gid = TextBytes.of(after.gid().value());
    var group = keys.group(SlotGroup.of(gid));
    var change = RecordChange.of(update);
    var definition = change.definition();
    return new Request.Run(
        Script.UPDATE,
        List.of(
            group.transaction(gid),
            group.byTime(before.status()),
            group.byTime(after.status()),
            group.list(before.status()),
            group.list(after.status())),
        List.of(
            Request.number(before.version()),
            Members.place(before),
            Request.number(after.version()),
            Members.timed(after),
            change.progress(),
            millisToLive(after),
            definition == null ? NOTHING : definition,
            TransactionHash.field(before.branches().size()),
            change.appended()));
  }

  /** What is left of the time that it is kept, at least a millisecond; 0: it is kept for ever. */
  private byte[] millisToLive(GlobalTransaction transaction) {
    var finishedAt = transaction.progress().finishedAt();
    var keep = config.keep(transaction.status());
    if (finishedAt == null || keep.isZero()) {
      return Request.number(0);
    }
    var left = keep.minus(Duration.between(finishedAt, clock.instant()));
    return Request.number(Math.max(1, left.toMillis()));
  }

  private WriteOutcome outcome(Gid gid, List<byte[]> reply) {
    return switch (Reply.word(reply)) {
      case "applied" -> new WriteOutcome.Applied();
      case "missing" -> new WriteOutcome.Missing();
      case "conflict" -> conflict(gid, reply.subList(1, reply.size()));
      default -> throw link.failures().because("script answered " + Reply.word(reply));
    };
  }

  private static WriteOutcome conflict(Gid gid, List<byte[]> fields) {
    try {
      var stored = TransactionHash.read(gid, fields);
      return stored == null ? new WriteOutcome.Missing() : new WriteOutcome.Conflict(stored);
    } catch (RecordUnreadable e) {
      return new WriteOutcome.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable GlobalTransaction readOrRefuse(Gid gid, List<byte[]> fields) {
    try {
      return TransactionHash.read(gid, fields);
    } catch (RecordUnreadable e) {
      throw link.failures().of(e);
    }
  }

  // Reading.

  @Nullable GlobalTransaction find(Gid gid) {
    return readOrRefuse(gid, link.send(all(TextBytes.of(gid.value()))));
  }

  private Request all(byte[] gid) {
    var key = keys.group(SlotGroup.of(gid)).transaction(gid);
    return Request.Plain.of(CommandType.HGETALL, key);
  }

  /**
   * What is stored under these members of the index of due times, as far as it is still so.
   * Unreadable ones are passed over, with an error in the log: a scan must go on.
   *
   * @param unreadable told of their members
   */
  List<GlobalTransaction> readDue(List<byte[]> members, Consumer<byte[]> unreadable) {
    return read(
        members,
        Members::placeOf,
        (stored, timed) -> Arrays.equals(Members.timed(stored), timed),
        unreadable);
  }

  /** What is stored at these places of a listing, likewise. */
  List<GlobalTransaction> readListed(List<byte[]> places) {
    return read(
        places,
        UnaryOperator.identity(),
        (stored, place) -> Arrays.equals(Members.place(stored), place),
        ignored -> {});
  }

  private List<GlobalTransaction> read(
      List<byte[]> members,
      UnaryOperator<byte[]> place,
      BiPredicate<GlobalTransaction, byte[]> isCurrent,
      Consumer<byte[]> unreadable) {
    var places = members.stream().map(place).toList();
    var replies = link.send(places.stream().map(p -> all(Members.gidBytes(p))).toList());
    var found = new ArrayList<GlobalTransaction>();
    var gone = new ArrayList<Request>();
    for (int i = 0; i < members.size(); i++) {
      try {
        var stored = TransactionHash.read(Members.gid(places.get(i)), replies.get(i));
        if (stored == null) {
          gone.add(forget(members.get(i), places.get(i)));
        } else if (isCurrent.test(stored, members.get(i))) {
          found.add(stored);
        }
      } catch (RecordUnreadable e) {
        LOG.error("redis {}: passed over a transaction: {}", config.topology(), e.getMessage(), e);
        unreadable.accept(members.get(i));
      }
    }
    // Redis forgets finished ones by itself, and leaves their traces to us.
    var unused = link.send(gone);
    return found;
  }

  private Request forget(byte[] member, byte[] place) {
    var gid = Members.gidBytes(place);
    var group = keys.group(SlotGroup.of(gid));
    var touched = new ArrayList<>(List.of(group.transaction(gid), group.due(), group.all()));
    touched.addAll(group.lists());
    return new Request.Run(Script.FORGET, touched, List.of(member, place));
  }

  // Deleting.

  /** Deletes what is finished under these members of the index; says how many were there. */
  int delete(TransactionStatus status, List<byte[]> members) {
    var replies = link.send(members.stream().map(member -> delete(status, member)).toList());
    return (int) replies.stream().filter(r -> Reply.word(r).equals("deleted")).count();
  }

  private Request delete(TransactionStatus status, byte[] member) {
    var place = Members.placeOf(member);
    var gid = Members.gidBytes(place);
    var group = keys.group(SlotGroup.of(gid));
    return new Request.Run(
        Script.DELETE,
        List.of(group.transaction(gid), group.byTime(status), group.all(), group.list(status)),
        List.of(member, place));
  }
}
