package io.dtm.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PayloadTest {
  @Test
  void isTheSameAsTextAndAsBytes() {
    var payload = Payload.of("grün");

    assertThat(payload)
        .isEqualTo(Payload.of(payload.bytes()))
        .hasSameHashCodeAs(Payload.of("grün"));
    assertThat(payload.text()).isEqualTo("grün");
    assertThat(payload).hasToString("Payload[5 bytes]");
  }

  @Test
  void isEmptyWhenThereIsNothingInIt() {
    assertThat(Payload.of("")).isSameAs(Payload.of(new byte[0])).isEqualTo(Payload.empty());
    assertThat(Payload.empty().isEmpty()).isTrue();
  }

  @Test
  void isKeptFromChanges() {
    var bytes = new byte[] {1};
    var payload = Payload.of(bytes);

    bytes[0] = 2;
    payload.bytes()[0] = 3;

    assertThat(payload.bytes()).containsExactly(1);
  }

  @Test
  void isNoTextWhenItIsNoUtf8() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Payload.of(new byte[] {(byte) 0xFF, 0}).text())
        .withMessage(
            "payload: 2 bytes that are no text (expected: UTF-8; only gRPC carries other bytes)");
  }
}
