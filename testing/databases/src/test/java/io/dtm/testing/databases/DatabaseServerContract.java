package io.dtm.testing.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** What every server promises; one server for all tests, closed by the last of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class DatabaseServerContract {
  private static final int LAST = Integer.MAX_VALUE;

  /** The server under test, the same at each call. */
  abstract LocalServer server();

  abstract void startServer();

  /** Durably keeps one value. */
  abstract void write(String value);

  /** What was written last. */
  abstract String read();

  @BeforeAll
  final void startOnce() {
    startServer();
  }

  @AfterAll
  final void closeWhateverHappened() {
    server().close();
  }

  @Test
  void listensBelowThePortsOfOutgoingConnections() {
    assertThat(server().host()).isEqualTo("127.0.0.1");
    assertThat(server().port()).isBetween(20_000, 32_000);
  }

  @Test
  void keepsPortAndDataWhenKilled() {
    var port = server().port();
    write("killed");

    server().kill();
    assertThatThrownBy(this::read).isInstanceOf(IllegalStateException.class);
    server().startAgain();

    assertThat(server().port()).isEqualTo(port);
    assertThat(read()).isEqualTo("killed");
  }

  @Test
  void keepsPortAndDataWhenRestarted() {
    var port = server().port();
    write("restarted");

    server().restart();

    assertThat(server().port()).isEqualTo(port);
    assertThat(read()).isEqualTo("restarted");
  }

  @Test
  void answersNobodyWhilePaused()
      throws ExecutionException, InterruptedException, TimeoutException {
    write("paused");

    server().pause();
    var answer = CompletableFuture.supplyAsync(this::read);
    assertThatThrownBy(() -> answer.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    server().resume();

    assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("paused");
  }

  @Test
  void refusesASecondStart() {
    assertThatThrownBy(() -> server().startAgain())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already running (expected: stopped or killed)");
  }

  @Test
  @Order(LAST)
  void leavesNothingBehindWhenClosed() {
    var processes = ProcessHandle.current().descendants().toList();
    var folder = server().folder().path();
    assertThat(processes).isNotEmpty();
    assertThat(folder).isDirectory();

    server().close();

    assertThat(processes).noneMatch(ServerProcess::runs);
    assertThat(folder).doesNotExist();
    assertThatThrownBy(() -> server().startAgain())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed (expected: open)");
  }
}
