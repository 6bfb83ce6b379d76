package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.cluster.SlotHash;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * A share of the transactions whose keys all have one hash tag and so live on one slot, where a
 * script may touch any of them. The groups lie evenly over the slots: however a cluster has divided
 * these into ranges, every node has its part.
 *
 * @param tag what the keys have between braces
 */
record SlotGroup(int index, String tag) {
  private static final int SLOTS_EACH = SlotHash.SLOT_COUNT / RedisStoreConfig.SLOT_GROUPS;

  private static final List<SlotGroup> ALL =
      IntStream.range(0, RedisStoreConfig.SLOT_GROUPS).mapToObj(SlotGroup::at).toList();

  /** The group whose slot lies in that 64th of all slots: the first number that hashes there. */
  private static SlotGroup at(int index) {
    for (int number = 0; ; number++) {
      var tag = Integer.toString(number);
      if (SlotHash.getSlot(tag.getBytes(US_ASCII)) / SLOTS_EACH == index) {
        return new SlotGroup(index, tag);
      }
    }
  }

  static List<SlotGroup> all() {
    return ALL;
  }

  /** Where the settings are: they are few and belong together. */
  static SlotGroup ofSettings() {
    return ALL.getFirst();
  }

  /** That of a transaction, for ever. */
  static SlotGroup of(byte[] gid) {
    var hash = new CRC32();
    hash.update(gid);
    return ALL.get((int) (hash.getValue() % RedisStoreConfig.SLOT_GROUPS));
  }
}
