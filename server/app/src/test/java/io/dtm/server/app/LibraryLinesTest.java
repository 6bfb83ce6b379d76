package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LibraryLinesTest {
  private final LoggerContext context = new LoggerContext();
  private Instant now = Instant.EPOCH.plusSeconds(1_000_000);
  private final LibraryLines filter = new LibraryLines(() -> now);

  private FilterReply reply(String logger, Level level) {
    return filter.decide(null, context.getLogger(logger), level, "text", null, null);
  }

  private long passed(String logger, Level level) {
    return IntStream.range(0, 100).filter(i -> reply(logger, level) == FilterReply.NEUTRAL).count();
  }

  @Test
  void aFloodOfWarningsOfALibraryIsCutToAFewLinesASecond() {
    assertThat(passed("io.grpc.netty.NettyServerHandler", Level.WARN)).isEqualTo(5);
    assertThat(passed("io.helidon.webserver.http1.Http1Connection", Level.ERROR)).isZero();
    assertThat(filter.leftOut()).isEqualTo(195);

    now = now.plusSeconds(1);

    assertThat(passed("io.netty.channel.Channel", Level.WARN)).isEqualTo(5);
  }

  @Test
  void ourOwnLinesAndLesserOnesAreLeftAlone() {
    assertThat(passed("io.dtm.engine", Level.WARN)).isEqualTo(100);
    assertThat(passed("io.grpc.netty.NettyServerHandler", Level.DEBUG)).isEqualTo(100);
  }

  @Test
  void aSetBackClockDoesNotSilenceTheLog() {
    assertThat(passed("io.netty.channel.Channel", Level.WARN)).isEqualTo(5);

    now = now.minusSeconds(3_600);

    assertThat(passed("io.netty.channel.Channel", Level.WARN)).isEqualTo(5);
  }
}
