package io.dtm.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.client.Payload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepRecordTest {
  @Test
  void aResultComesBackAsItWasUnderItsName() {
    var results =
        List.of(
            Payload.empty(),
            Payload.of("{\"amount\":30}"),
            Payload.of("two\nlines"),
            Payload.of("dtm-step:other\ntext"),
            Payload.of(new byte[] {0, (byte) 0xFF, '\n', 1}));

    assertThat(results)
        .allSatisfy(result -> {
          var record = StepRecord.succeeded("a step: größer", result);

          assertThat(StepRecord.read(false, record.data().bytes())).isEqualTo(record);
        });
  }

  @Test
  void aRefusalKeepsItsReason() {
    var record = StepRecord.refused("pay", "account frozen");

    assertThat(record.data().text()).isEqualTo("dtm-step:pay\naccount frozen");
    assertThat(StepRecord.read(true, record.data().bytes())).isEqualTo(record);
  }

  @Test
  void whatOtherClientsRecordHasNoNameAndIsTheResultItself() {
    for (var data : List.of("", "{\"a\":1}", "dtm-step:without an end", "line\nline")) {
      assertThat(StepRecord.read(false, data.getBytes(StandardCharsets.UTF_8)))
          .isEqualTo(new StepRecord("", false, Payload.of(data)));
    }
  }

  @Test
  void bytesThatAreNoTextAreWrittenAsText() {
    var record = StepRecord.succeeded("pay", Payload.of(new byte[] {(byte) 0xFF}));

    assertThat(record.data().text()).isEqualTo("dtm-step-base64:pay\n/w==");
  }
}
