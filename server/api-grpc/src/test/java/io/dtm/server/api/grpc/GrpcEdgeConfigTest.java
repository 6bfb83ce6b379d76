package io.dtm.server.api.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GrpcEdgeConfigTest {
  @Test
  void listensWhereClientsExpectIt() {
    assertThat(GrpcEdgeConfig.defaults().port()).isEqualTo(36790);
    assertThat(GrpcEdgeConfig.defaults().messageBytesMax()).isEqualTo(4 * 1024 * 1024);
  }

  @Test
  void saysWhatIsOutOfRange() {
    assertThatThrownBy(() -> config(65_536, 1, Duration.ofSeconds(1)))
        .hasMessage("port: 65536 (expected: 0 to 65535)");
    assertThatThrownBy(() -> config(1, 0, Duration.ofSeconds(1)))
        .hasMessage("messageBytesMax: 0 (expected: 1 to 2147483647)");
    assertThatThrownBy(() -> config(1, 1, Duration.ZERO))
        .hasMessage("keepAliveMin: PT0S (expected: more than 0)");
  }

  private static GrpcEdgeConfig config(int port, int messageBytesMax, Duration keepAliveMin) {
    var second = Duration.ofSeconds(1);
    return new GrpcEdgeConfig(
        port, "h", messageBytesMax, 1, 1, 1, 1, second, second, second, second, keepAliveMin);
  }
}
