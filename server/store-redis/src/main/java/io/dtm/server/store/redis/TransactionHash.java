package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.store.kit.RecordUnreadable;
import io.dtm.server.store.kit.TransactionRecord;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a transaction: v version, c place in the listing, x member in the index by time, d
 * definition, p progress, a… branches that were appended, by how many there were before. The
 * scripts compare v, c and x.
 */
final class TransactionHash {
  private TransactionHash() {}

  /**
   * The transaction whose fields these are, name and value in turn; null when there are none.
   *
   * @throws RecordUnreadable when they are not those of a transaction
   */
  static @Nullable GlobalTransaction read(Gid gid, List<byte[]> fields) {
    if (fields.isEmpty()) {
      return null;
    }
    byte @Nullable [] definition = null;
    byte @Nullable [] progress = null;
    var appended = new TreeMap<Integer, byte[]>();
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      var name = new String(fields.get(i), US_ASCII);
      var value = fields.get(i + 1);
      switch (name) {
        case "d" -> definition = value;
        case "p" -> progress = value;
        case "v", "c", "x" -> {}
        default -> appended.put(index(gid, name), value);
      }
    }
    if (definition == null || progress == null) {
      throw new RecordUnreadable("hash of %s: incomplete".formatted(gid), null);
    }
    var all = new ByteArrayOutputStream();
    appended.values().forEach(all::writeBytes);
    return TransactionRecord.stored(definition, all.toByteArray(), progress).read(gid);
  }

  /** The field of branches that were appended when there were so many. */
  static byte[] field(int branches) {
    return ("a" + branches).getBytes(US_ASCII);
  }

  private static int index(Gid gid, String field) {
    try {
      return Integer.parseInt(field, 1, field.length(), 10);
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new RecordUnreadable("hash of %s: field %s is unknown".formatted(gid, field), e);
    }
  }
}
