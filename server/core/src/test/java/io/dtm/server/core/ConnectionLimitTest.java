package io.dtm.server.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  private final ConnectionLimit<String> limit = new ConnectionLimit<>(2);
  private final List<String> closed = new ArrayList<>();

  private boolean open(String connection) {
    return limit.opened(connection, () -> closed.add(connection));
  }

  @Test
  void closesTheOneThatHasBeenIdleForLongest() {
    open("a");
    open("b");

    assertThat(open("c")).isTrue();
    assertThat(open("d")).isTrue();

    assertThat(closed).containsExactly("a", "b");
    assertThat(limit.size()).isEqualTo(2);
  }

  @Test
  void aRequestMakesAConnectionTheYoungest() {
    open("a");
    open("b");
    limit.begun("a");
    limit.ended("a");

    open("c");

    assertThat(closed).containsExactly("b");
  }

  @Test
  void neverClosesABusyOne() {
    open("a");
    limit.begun("a");
    limit.begun("a");
    limit.ended("a");
    open("b");

    open("c");
    limit.begun("c");

    assertThat(closed).containsExactly("b");
    assertThat(open("d")).as("while all are busy").isFalse();
  }

  @Test
  void aClosedOneMakesRoom() {
    open("a");
    open("b");
    limit.begun("b");
    limit.closed("a");
    limit.closed("b");
    limit.ended("b");

    assertThat(limit.size()).isZero();
    assertThat(open("c")).isTrue();
    assertThat(open("d")).isTrue();
    assertThat(closed).isEmpty();
  }

  @Test
  void refusesNewOnesThatComeFasterThanOthersCanBeClosed() {
    for (int i = 0; i < 2 + ConnectionLimit.CLOSING_MAX; i++) {
      assertThat(open("c" + i)).isTrue();
    }

    assertThat(open("one too many")).isFalse();
    limit.closed("c0");

    assertThat(open("next")).isTrue();
    assertThat(closed).hasSize(ConnectionLimit.CLOSING_MAX + 1);
  }
}
