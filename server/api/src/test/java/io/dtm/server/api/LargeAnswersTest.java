package io.dtm.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Answers that leave in several writes. */
class LargeAnswersTest {
  private static final int STEPS = 100;
  private static final int QUESTIONS = 60;

  /** How long a system puts off to acknowledge what has come in, less a little. */
  private static final long ACKNOWLEDGED_AFTER_MILLIS = 35;

  @AutoClose
  private final RunningEdge edge = new RunningEdge(RunningEdge.config(65_536, STEPS, 64));

  @Test
  void theEndOfALargeAnswerDoesNotWaitUntilItsBeginningIsAcknowledged() {
    edge.post("/api/dtmsvr/submit", SagaBody.waitedSaga("large", STEPS));

    var answer = edge.get("/api/dtmsvr/query?gid=large").body();
    var millis =
        LongStream.range(0, QUESTIONS).map(i -> millisOfQuestion()).sorted().boxed().toList();

    assertThat(answer).hasSizeGreaterThan(20_000);
    // A busy machine is slow now and then, not each time.
    assertThat(millis.get(QUESTIONS / 4)).as("%s", millis).isLessThan(ACKNOWLEDGED_AFTER_MILLIS);
  }

  private long millisOfQuestion() {
    long begun = System.nanoTime();
    assertThat(edge.get("/api/dtmsvr/query?gid=large").statusCode()).isEqualTo(200);
    return (System.nanoTime() - begun) / 1_000_000;
  }
}
