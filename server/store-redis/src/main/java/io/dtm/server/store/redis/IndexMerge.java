package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.protocol.CommandType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Steps through the indexes of all groups as if they were one, in order. Reads ahead, so it may
 * give what has moved meanwhile. Not thread-safe.
 */
final class IndexMerge {
  /** Members read ahead of each group. */
  private static final int AHEAD_MIN = 8;

  private static final int AHEAD_MAX = 2_048;
  private static final byte[] LOWEST = {'-'};
  private static final byte[] HIGHEST = {'+'};
  private static final byte[] LIMIT = "LIMIT".getBytes(US_ASCII);

  private final RedisLink link;
  private final Direction direction;
  private final Predicate<byte[]> filter;
  private final List<Run> runs;
  private int ahead;

  enum Direction {
    ASCENDING,
    DESCENDING;

    private int compare(byte[] one, byte[] other) {
      int ascending = Arrays.compareUnsigned(one, other);
      return switch (this) {
        case ASCENDING -> ascending;
        case DESCENDING -> -ascending;
      };
    }
  }

  /** The index of one group: what was read ahead of it, and where to read on. */
  private static final class Run {
    private final byte[] key;
    private final Deque<byte[]> members = new ArrayDeque<>();
    private byte[] start;
    private boolean isAtEnd;

    private Run(byte[] key, byte[] start) {
      this.key = key;
      this.start = start;
    }

    private boolean isDry() {
      return members.isEmpty() && !isAtEnd;
    }
  }

  /**
   * @param after where to begin, exclusive; empty: at the first
   * @param filter the others are stepped over
   * @param expected how many will be asked for, about
   */
  IndexMerge(
      RedisLink link,
      List<byte[]> keys,
      Direction direction,
      byte[] after,
      Predicate<byte[]> filter,
      int expected) {
    this.link = link;
    this.direction = direction;
    this.filter = filter;
    this.runs = keys.stream().map(key -> new Run(key, start(direction, after))).toList();
    this.ahead = Math.clamp(2L * expected / keys.size(), AHEAD_MIN, AHEAD_MAX);
  }

  private static byte[] start(Direction direction, byte[] after) {
    if (after.length > 0) {
      return Keys.joined(new byte[] {'('}, after);
    }
    return switch (direction) {
      case ASCENDING -> LOWEST;
      case DESCENDING -> HIGHEST;
    };
  }

  /** The next member; null after the last. */
  byte @Nullable [] peek() {
    var next = first();
    return next == null ? null : next.members.getFirst();
  }

  /** The next members for which {@code condition} holds, until it no longer does. */
  List<byte[]> take(int limit, Predicate<byte[]> condition) {
    var taken = new ArrayList<byte[]>();
    for (var run = first();
        run != null && taken.size() < limit && condition.test(run.members.getFirst());
        run = first()) {
      taken.add(run.members.removeFirst());
    }
    return taken;
  }

  private @Nullable Run first() {
    while (runs.stream().anyMatch(Run::isDry)) {
      readAhead(runs.stream().filter(Run::isDry).toList());
    }
    return runs.stream()
        .filter(run -> !run.members.isEmpty())
        .min((one, other) -> direction.compare(one.members.getFirst(), other.members.getFirst()))
        .orElse(null);
  }

  private void readAhead(List<Run> dry) {
    var replies = link.send(dry.stream().map(this::request).toList());
    for (int i = 0; i < dry.size(); i++) {
      var run = dry.get(i);
      var members = replies.get(i);
      if (!members.isEmpty()) {
        run.start = start(direction, members.getLast());
      }
      run.isAtEnd = members.size() < ahead;
      members.stream().filter(filter).forEach(run.members::add);
    }
    ahead = Math.min(2 * ahead, AHEAD_MAX);
  }

  private Request request(Run run) {
    return switch (direction) {
      case ASCENDING -> range(CommandType.ZRANGEBYLEX, run, HIGHEST);
      case DESCENDING -> range(CommandType.ZREVRANGEBYLEX, run, LOWEST);
    };
  }

  private Request range(CommandType command, Run run, byte[] end) {
    return Request.Plain.of(
        command, run.key, run.start, end, LIMIT, Request.number(0), Request.number(ahead));
  }
}
