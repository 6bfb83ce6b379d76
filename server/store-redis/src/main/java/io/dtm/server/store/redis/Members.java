package io.dtm.server.store.redis;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.kit.Codes;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * What the indexes hold. All their members have the score zero, so that Redis orders them by their
 * bytes; a score would be a double, and too coarse for nanoseconds.
 *
 * <p>The listings hold places: time of creation, mode, gid. The indexes by time hold timed members:
 * a time, what it is the time of, and the place. From a member everything else that is stored about
 * a transaction is found, also when the transaction itself is gone.
 */
final class Members {
  private static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;
  private static final int MODE_AT = INSTANT_BYTES;
  private static final int GID_AT = MODE_AT + 1;
  private static final int STATE_AT = INSTANT_BYTES;
  private static final int PLACE_AT = STATE_AT + 1;

  /** Above everything that may follow a time in a member. */
  private static final byte LAST = (byte) 0xFF;

  private static final byte DUE = 0;
  private static final byte LEASED = 1;
  private static final byte SUCCEEDED = 2;
  private static final byte FAILED = 3;

  private Members() {}

  static byte[] place(GlobalTransaction transaction) {
    var gid = TextBytes.of(transaction.gid().value());
    return put(ByteBuffer.allocate(GID_AT + gid.length), transaction.definition().createdAt())
        .put((byte) Codes.of(transaction.mode()))
        .put(gid)
        .array();
  }

  /** The member in the index by time: under its due time while unfinished, then under its end. */
  static byte[] timed(GlobalTransaction transaction) {
    var place = place(transaction);
    var finishedAt = transaction.progress().finishedAt();
    var time = finishedAt == null ? transaction.schedule().dueAt() : finishedAt;
    return put(ByteBuffer.allocate(PLACE_AT + place.length), time)
        .put(state(transaction))
        .put(place)
        .array();
  }

  private static byte state(GlobalTransaction transaction) {
    return switch (transaction.status()) {
      case PREPARED, SUBMITTED, ABORTING -> transaction.schedule().isClaimed() ? LEASED : DUE;
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
    };
  }

  /** An instant as bytes that sort like it. */
  private static ByteBuffer put(ByteBuffer out, Instant instant) {
    return out.putLong(instant.getEpochSecond() ^ Long.MIN_VALUE).putInt(instant.getNano());
  }

  /** Before all members of that time, after all earlier ones. */
  static byte[] firstAt(Instant time) {
    return put(ByteBuffer.allocate(INSTANT_BYTES), time).array();
  }

  /** After all members of that time, before all later ones. */
  static byte[] lastAt(Instant time) {
    return put(ByteBuffer.allocate(INSTANT_BYTES + 1), time).put(LAST).array();
  }

  /** The time that a member begins with. */
  static Instant time(byte[] member) {
    var in = ByteBuffer.wrap(member);
    return Instant.ofEpochSecond(in.getLong() ^ Long.MIN_VALUE, in.getInt());
  }

  static boolean isLeased(byte[] timed) {
    return timed[STATE_AT] == LEASED;
  }

  static byte[] placeOf(byte[] timed) {
    return Arrays.copyOfRange(timed, PLACE_AT, timed.length);
  }

  static int modeCode(byte[] place) {
    return place[MODE_AT];
  }

  static byte[] gidBytes(byte[] place) {
    return Arrays.copyOfRange(place, GID_AT, place.length);
  }

  static Gid gid(byte[] place) {
    return new Gid(TextBytes.text(gidBytes(place)));
  }

  /** Whether these bytes may be a member of an index by time. */
  static boolean isTimed(byte[] bytes) {
    return isPlace(bytes) && bytes.length > PLACE_AT && isPlace(placeOf(bytes));
  }

  /** Whether these bytes may be a place. */
  static boolean isPlace(byte[] bytes) {
    if (bytes.length <= GID_AT) {
      return false;
    }
    var in = ByteBuffer.wrap(bytes);
    long second = in.getLong() ^ Long.MIN_VALUE;
    int nano = in.getInt();
    return second >= Instant.MIN.getEpochSecond()
        && second <= Instant.MAX.getEpochSecond()
        && nano >= 0
        && nano < 1_000_000_000;
  }
}
