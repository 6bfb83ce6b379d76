package io.dtm.xa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.XAConnection;
import javax.sql.XADataSource;
import org.junit.jupiter.api.Test;

class XaConnectionsTest {
  private final AtomicInteger closed = new AtomicInteger();
  private final XAConnection physical =
      proxy(
          XAConnection.class,
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "getConnection" -> throw new IllegalStateException("of the driver");
                case "close" -> {
                  closed.incrementAndGet();
                  yield null;
                }
                default -> throw new UnsupportedOperationException(method.getName());
              });
  private final XADataSource dataSource =
      proxy(XADataSource.class, (proxy, method, arguments) -> physical);

  @Test
  void aSessionThatCannotBeOpenedLeavesNeitherAConnectionNorAPlaceBehind() {
    try (var sessions = XaConnections.of(dataSource, 1, Duration.ZERO)) {
      for (var tries = 0; tries < 3; tries++) {
        assertThatThrownBy(sessions::take).hasMessage("of the driver");
      }
    }

    assertThat(closed).hasValue(3);
  }

  @Test
  void aWaitThatNobodyWouldOutlastIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> XaConnections.of(dataSource, 1, ChronoUnit.FOREVER.getDuration()))
        .withMessageEndingWith("(expected: 0 to PT1H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> XaConnections.of(dataSource, 1, Duration.ofMillis(-1)));
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
