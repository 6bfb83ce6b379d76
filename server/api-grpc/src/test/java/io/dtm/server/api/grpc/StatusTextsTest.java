package io.dtm.server.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTextsTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "%", "\n", "é", "余", "😀"})
  void noTextTakesMoreThanSixThousandBytes(String character) {
    var text = character.repeat(10_000) + " FAILURE";

    var fitting = StatusTexts.fitting(text);

    assertThat(fitting).startsWith(character.repeat(400)).endsWith(character + "… (cut) FAILURE");
    assertThat(URLEncoder.encode(fitting, StandardCharsets.UTF_8).length()).isBetween(5_900, 6_020);
  }

  @Test
  void aTextThatFitsStaysAsItIs() {
    for (var text : new String[] {"", "short", "x".repeat(6_000), "余".repeat(666)}) {
      assertThat(StatusTexts.fitting(text)).isEqualTo(text);
    }
  }

  @Test
  void aTextThatIsNoFailureDoesNotBecomeOne() {
    assertThat(StatusTexts.fitting("x".repeat(6_001))).endsWith("x… (cut)").hasSizeLessThan(6_000);
  }
}
