package io.dtm.server.branch.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private final Channels channels =
      new Channels(
          new GrpcBranchCallerConfig(
              2, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofSeconds(1), 1),
          InstantSource.system());

  @AfterEach
  void close() {
    channels.close();
  }

  @Test
  void keepsOneChannelForATarget() {
    try (var first = take("a");
        var second = take("a")) {
      assertThat(second.channel()).isSameAs(first.channel());
    }
    try (var third = take("a")) {
      assertThat(third.channel().isShutdown()).isFalse();
    }
    assertThat(channels.size()).isEqualTo(1);
  }

  @Test
  void givesUpTheChannelThatWasNotUsedForTheLongestTime() {
    var first = take("a");
    var second = take("b");
    first.close();
    second.close();
    take("a").close();

    try (var third = take("c")) {
      assertThat(second.channel().isShutdown()).isTrue();
      assertThat(first.channel().isShutdown()).isFalse();
      assertThat(third.channel().isShutdown()).isFalse();
    }
    assertThat(channels.size()).isEqualTo(2);
  }

  @Test
  void givesUpNoChannelInUse() {
    try (var first = take("a");
        var second = take("b")) {
      assertThat(channels.take(target("c"))).isEmpty();
      assertThat(first.channel().isShutdown()).isFalse();
      assertThat(second.channel().isShutdown()).isFalse();
    }
    take("c").close();
    assertThat(channels.size()).isEqualTo(2);
  }

  @Test
  void closesEverything() {
    var open = take("a");

    channels.close();

    assertThat(open.channel().isShutdown()).isTrue();
  }

  private Channels.Lease take(String host) {
    return channels.take(target(host)).orElseThrow();
  }

  private static BranchAddress.Target target(String host) {
    return new BranchAddress.Target(host, 1);
  }
}
