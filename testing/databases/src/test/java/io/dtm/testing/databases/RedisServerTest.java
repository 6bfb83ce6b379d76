package io.dtm.testing.databases;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RedisServerTest extends DatabaseServerContract {
  private @Nullable RedisServer redis;

  @Override
  RedisServer server() {
    return requireNonNull(redis);
  }

  @Override
  void startServer() {
    redis = RedisServer.start();
  }

  @Override
  void write(String value) {
    server().query("SET", "note", value);
  }

  @Override
  String read() {
    return server().query("GET", "note");
  }

  @Test
  void appendsEachWriteAndSyncsEverySecond() {
    assertThat(server().query("CONFIG", "GET", "appendonly").lines()).contains("yes");
    assertThat(server().query("CONFIG", "GET", "appendfsync").lines()).contains("everysec");
    assertThat(server().uri()).isEqualTo("redis://127.0.0.1:" + server().port());
  }

  @Test
  void takesAnotherPortWhenTheFirstIsTaken() {
    try (var second = RedisServer.start(server().ports())) {
      assertThat(second.port()).isNotEqualTo(server().port());
      assertThat(second.query("PING")).isEqualTo("PONG");
    }
  }

  @Test
  void prefersTheArgumentsOfTheTest() {
    try (var second = RedisServer.start(List.of("--appendfsync", "always"))) {
      assertThat(second.query("CONFIG", "GET", "appendfsync").lines()).contains("always");
    }
  }

  @Test
  void showsTheEndOfTheLogWhenItDoesNotStart() {
    assertThatThrownBy(() -> RedisServer.start(List.of("--no-such-option", "1")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not started: it ended; its log ends:")
        .hasMessageContaining("Bad directive or wrong number of arguments");
  }
}
