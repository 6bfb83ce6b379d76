package io.dtm.server.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Something that Redis is asked. The first key says which node of a cluster is. */
sealed interface Request {

  ProtocolKeyword command();

  CommandArgs<byte[], byte[]> arguments();

  /**
   * A command on one key.
   *
   * @param words the key, then the other arguments
   */
  record Plain(ProtocolKeyword command, List<byte[]> words) implements Request {
    static Plain of(ProtocolKeyword command, byte[] key, byte[]... rest) {
      var words = new ArrayList<byte[]>();
      words.add(key);
      words.addAll(Arrays.asList(rest));
      return new Plain(command, words);
    }

    @Override
    public CommandArgs<byte[], byte[]> arguments() {
      return newArguments().addKey(words.getFirst()).addValues(words.subList(1, words.size()));
    }
  }

  /** A command without a key, for the node that has the group. */
  record ToNode(SlotGroup group, ProtocolKeyword command, List<byte[]> words) implements Request {
    @Override
    public CommandArgs<byte[], byte[]> arguments() {
      return new CommandArgs<>(ByteArrayCodec.INSTANCE) {
        @Override
        public ByteBuffer getFirstEncodedKey() {
          return ByteBuffer.wrap(group.tag().getBytes(US_ASCII));
        }
      }.addValues(words);
    }
  }

  /** A script that the server is expected to remember. */
  record Run(Script script, List<byte[]> keys, List<byte[]> values) implements Request {
    @Override
    public ProtocolKeyword command() {
      return CommandType.EVALSHA;
    }

    @Override
    public CommandArgs<byte[], byte[]> arguments() {
      return arguments(script.digest());
    }

    int longestValue() {
      int longest = 0;
      for (var value : values) {
        longest = Math.max(longest, value.length);
      }
      return longest;
    }

    /** The same with the whole text, after which the server remembers it. */
    Request taught() {
      return new Taught(this);
    }

    private CommandArgs<byte[], byte[]> arguments(String name) {
      return newArguments().add(name).add(keys.size()).addKeys(keys).addValues(values);
    }
  }

  /** A script with its text. */
  record Taught(Run run) implements Request {
    @Override
    public ProtocolKeyword command() {
      return CommandType.EVAL;
    }

    @Override
    public CommandArgs<byte[], byte[]> arguments() {
      return run.arguments(run.script().text());
    }
  }

  private static CommandArgs<byte[], byte[]> newArguments() {
    return new CommandArgs<>(ByteArrayCodec.INSTANCE);
  }

  /** A number as an argument. */
  static byte[] number(long value) {
    return Long.toString(value).getBytes(US_ASCII);
  }
}
