package io.dtm.workflow;

import io.dtm.client.Payload;
import io.dtm.protocol.StepNames;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * How a step ended.
 *
 * @param name empty where it was recorded without, as clients in other languages do
 * @param isRefused whether it refused; else it succeeded
 * @param value its result, or the text of its refusal
 */
record StepRecord(String name, boolean isRefused, Payload value) {
  private static final int LINE_FEED = '\n';

  static StepRecord succeeded(String name, Payload value) {
    return new StepRecord(name, false, value);
  }

  static StepRecord refused(String name, String reason) {
    return new StepRecord(name, true, Payload.of(reason));
  }

  /** What was recorded, by us or by a client that gives steps no names. */
  static StepRecord read(boolean isRefused, byte[] data) {
    var end = lineEnd(data);
    var line = new String(data, 0, end, StandardCharsets.UTF_8);
    var rest = Arrays.copyOfRange(data, Math.min(end + 1, data.length), data.length);
    if (end < data.length && line.startsWith(StepNames.PREFIX)) {
      return new StepRecord(line.substring(StepNames.PREFIX.length()), isRefused, Payload.of(rest));
    }
    if (end < data.length && line.startsWith(StepNames.PREFIX_BASE64)) {
      return new StepRecord(
          line.substring(StepNames.PREFIX_BASE64.length()),
          isRefused,
          Payload.of(Base64.getDecoder().decode(rest)));
    }
    return new StepRecord("", isRefused, Payload.of(data));
  }

  /** As it is recorded: always a text, for REST can carry nothing else. */
  Payload data() {
    var bytes = value.bytes();
    return isText(bytes)
        ? Payload.of("%s%s\n%s".formatted(StepNames.PREFIX, name, value.text()))
        : Payload.of(
            "%s%s\n%s"
                .formatted(
                    StepNames.PREFIX_BASE64, name, Base64.getEncoder().encodeToString(bytes)));
  }

  private static boolean isText(byte[] bytes) {
    try {
      var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** Of the first line; the length where there is only one. */
  private static int lineEnd(byte[] data) {
    var end = 0;
    while (end < data.length && data[end] != LINE_FEED) {
      end++;
    }
    return end;
  }
}
