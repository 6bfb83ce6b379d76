package io.dtm.server.api;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * Also escapes what has a meaning in HTML, so that an answer shown by a careless page runs no
 * script.
 */
final class HtmlSafeEscapes extends CharacterEscapes {
  private static final long serialVersionUID = 1L;

  private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

  HtmlSafeEscapes() {
    ascii['<'] = ESCAPE_CUSTOM;
    ascii['>'] = ESCAPE_CUSTOM;
    ascii['&'] = ESCAPE_CUSTOM;
  }

  @Override
  public int[] getEscapeCodesForAscii() {
    return ascii;
  }

  @Override
  public @Nullable SerializableString getEscapeSequence(int ch) {
    return switch (ch) {
      case '<', '>', '&', '\u2028', '\u2029' -> new SerializedString("\\u%04x".formatted(ch));
      default -> null;
    };
  }
}
