package io.dtm.server.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LargeAnswersTest {
  private static final byte[] ANSWER = new byte[1_000];

  /** Does not end before it may. */
  private static InputStream held(CountDownLatch entered, CountDownLatch mayEnd) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        entered.countDown();
        try {
          mayEnd.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
        return -1;
      }
    };
  }

  @Test
  void onlyAFewAreReadAtATimeAndTheOthersGiveUpInTime() throws Exception {
    var answers = new LargeAnswers(Duration.ofMillis(10));
    var entered = new CountDownLatch(LargeAnswers.READERS_MAX);
    var mayEnd = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var slow = new ArrayList<Future<byte[]>>();
      for (int i = 0; i < LargeAnswers.READERS_MAX; i++) {
        slow.add(threads.submit(() -> answers.read(held(entered, mayEnd), 1_000)));
      }
      entered.await();

      assertThatThrownBy(() -> answers.read(new ByteArrayInputStream(ANSWER), 1_000))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("16 others are being read");
      mayEnd.countDown();
      for (var one : slow) {
        assertThat(one.get()).isEmpty();
      }
    }
    assertThat(answers.read(new ByteArrayInputStream(ANSWER), 999)).hasSize(999);
  }
}
