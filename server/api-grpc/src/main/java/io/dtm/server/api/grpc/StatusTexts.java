package io.dtm.server.api.grpc;

import io.dtm.protocol.Messages;

/**
 * Keeps the text of a status short enough to be sent. It travels in a header, percent-encoded, and
 * many clients take 8 KiB of headers; a longer answer would reach them as an error without status.
 */
final class StatusTexts {
  private static final int ENCODED_LENGTH_MAX = 6_000;
  private static final String CUT = "… (cut)";
  private static final int ENCODED_BYTE_LENGTH = 3;

  /** A text of at most so many UTF-16 units fits, whatever they are. */
  private static final int SHORT_ENOUGH = ENCODED_LENGTH_MAX / (3 * ENCODED_BYTE_LENGTH);

  private StatusTexts() {}

  /** The text, or its beginning; one that ends in the word for a failure still does. */
  static String fitting(String text) {
    if (text.length() <= SHORT_ENOUGH) {
      return text;
    }
    int end = endWithin(text, ENCODED_LENGTH_MAX);
    if (end == text.length()) {
      return text;
    }
    var suffix = CUT + (text.endsWith(Messages.FAILURE_SUFFIX) ? Messages.FAILURE_SUFFIX : "");
    int room = ENCODED_LENGTH_MAX - encodedLength(suffix);
    return text.substring(0, endWithin(text, room)) + suffix;
  }

  /** How much of the text takes at most so many bytes. */
  private static int endWithin(String text, int encodedMax) {
    int length = 0;
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      length += encodedLength(character);
      if (length > encodedMax) {
        return i;
      }
      i += Character.charCount(character);
    }
    return text.length();
  }

  private static int encodedLength(String text) {
    return text.codePoints().map(StatusTexts::encodedLength).sum();
  }

  private static int encodedLength(int character) {
    if (character >= 0x80) {
      int utf8 = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
      return ENCODED_BYTE_LENGTH * utf8;
    }
    boolean isSentAsItIs = character >= ' ' && character < 0x7F && character != '%';
    return isSentAsItIs ? 1 : ENCODED_BYTE_LENGTH;
  }
}
