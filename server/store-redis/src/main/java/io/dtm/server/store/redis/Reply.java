package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer of Redis, flat: its words, numbers written out, without those that are null. */
final class Reply extends CommandOutput<byte[], byte[], List<byte[]>> {
  Reply() {
    super(ByteArrayCodec.INSTANCE, new ArrayList<>());
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes != null) {
      output.add(ByteArrayCodec.INSTANCE.decodeValue(bytes));
    }
  }

  @Override
  public void set(long integer) {
    output.add(Request.number(integer));
  }

  /** Its elements follow. */
  @Override
  public void multi(int count) {}

  /** The word that a script begins its answer with. */
  static String word(List<byte[]> reply) {
    return new String(reply.getFirst(), US_ASCII);
  }

  static long number(byte[] bytes) {
    return Long.parseLong(new String(bytes, US_ASCII));
  }
}
