package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GidTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", " a", "a b", "京", "🚀", "a;b", "{a}", "a\u00a0"})
  void takesEveryCharacterThatIsOne(String value) {
    assertThat(new Gid(value).value()).isEqualTo(value);
  }

  @Test
  void refusesWhatDatabasesCannotKeepOrTellApart() {
    refuses("", "gid: 0 characters (expected: 1 to 128)");
    refuses("a".repeat(129), "gid: 129 characters (expected: 1 to 128)");
    refuses("a\tb", "gid: control character U+0009 at position 1 (expected: none)");
    refuses("a ", "gid: ends with a space (expected: another character)");
    refuses("a\uD83D", "gid: U+D83D is half of a character (expected: whole ones)");
    refuses("\uDE80b", "gid: U+DE80 is half of a character (expected: whole ones)");
  }

  private static void refuses(String value, String message) {
    assertThatThrownBy(() -> new Gid(value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
