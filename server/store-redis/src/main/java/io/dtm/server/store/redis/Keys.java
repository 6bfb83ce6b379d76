package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dtm.server.core.TransactionStatus;
import io.dtm.server.store.kit.Codes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The names of everything that is stored: {@code prefix{tag}:what…}. Immutable. */
final class Keys {
  private final String prefix;
  private final List<Group> groups = new ArrayList<>();
  private final byte[] format;
  private final byte[] entries;

  Keys(String prefix) {
    this.prefix = prefix;
    SlotGroup.all().forEach(group -> groups.add(new Group(start(group))));
    this.format = bytes(start(SlotGroup.ofSettings()) + "format");
    this.entries = bytes(start(SlotGroup.ofSettings()) + "entries");
  }

  private String start(SlotGroup group) {
    return "%s{%s}:".formatted(prefix, group.tag());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  Group group(SlotGroup group) {
    return groups.get(group.index());
  }

  /** Says how everything is laid out. */
  byte[] format() {
    return format;
  }

  /** A sorted set of the names of all settings. */
  byte[] entries() {
    return entries;
  }

  /** A hash: one setting. */
  byte[] entry(byte[] name) {
    return joined(bytes(start(SlotGroup.ofSettings()) + "e:"), name);
  }

  static byte[] joined(byte[] start, byte[] end) {
    var out = new ByteArrayOutputStream(start.length + end.length);
    out.writeBytes(start);
    out.writeBytes(end);
    return out.toByteArray();
  }

  /** The keys of one group. */
  static final class Group {
    private final byte[] transactionStart;
    private final byte[] due;
    private final byte[] succeeded;
    private final byte[] failed;
    private final byte[] all;
    private final Map<TransactionStatus, byte[]> lists = new EnumMap<>(TransactionStatus.class);

    private Group(String start) {
      transactionStart = bytes(start + "t:");
      due = bytes(start + "due");
      succeeded = bytes(start + "succeeded");
      failed = bytes(start + "failed");
      all = bytes(start + "all");
      for (var status : TransactionStatus.values()) {
        lists.put(status, bytes(start + "list:" + Codes.of(status)));
      }
    }

    /** A hash: one transaction. */
    byte[] transaction(byte[] gid) {
      return joined(transactionStart, gid);
    }

    /** A sorted set of {@link Members#timed}: the index by time that has those of a status. */
    byte[] byTime(TransactionStatus status) {
      return switch (status) {
        case PREPARED, SUBMITTED, ABORTING -> due;
        case SUCCEEDED -> succeeded;
        case FAILED -> failed;
      };
    }

    byte[] due() {
      return due;
    }

    /** A sorted set of {@link Members#place}: all transactions, by creation. */
    byte[] all() {
      return all;
    }

    /** A sorted set of {@link Members#place}: those of one status, by creation. */
    byte[] list(TransactionStatus status) {
      return Objects.requireNonNull(lists.get(status));
    }

    Collection<byte[]> lists() {
      return lists.values();
    }
  }
}
