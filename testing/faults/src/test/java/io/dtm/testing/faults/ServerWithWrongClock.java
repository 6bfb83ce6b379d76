package io.dtm.testing.faults;

import io.dtm.server.app.Server;
import io.dtm.server.app.ServerConfig;
import io.dtm.server.app.SettingsLoader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The main class of a server whose machine has a wrong clock. Programs that fake the clock of a
 * process slow a JVM down ten times; this one gives the server another clock, which is as good,
 * since it looks at no other, and leaves drivers and the log with the right one.
 */
final class ServerWithWrongClock {
  private ServerWithWrongClock() {}

  /**
   * Runs until the process is killed.
   *
   * @param arguments by how much the clock is fast, such as {@code PT1H}
   */
  public static void main(String[] arguments) throws InterruptedException {
    var environment = System.getenv();
    var fast = Duration.parse(arguments[0]);
    InstantSource clock = () -> InstantSource.system().instant().plus(fast);
    var config = ServerConfig.from(SettingsLoader.load(Optional.empty(), environment), environment);
    try (var server = Server.start(config, clock)) {
      System.out.printf("port %d, clock %s%n", server.httpPort(), clock.instant());
      new CountDownLatch(1).await();
    }
  }
}
