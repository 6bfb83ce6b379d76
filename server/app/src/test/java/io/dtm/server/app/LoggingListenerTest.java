package io.dtm.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.EngineEvent;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LoggingListenerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T03:00:00Z");

  private final Logger log = (Logger) LoggerFactory.getLogger("io.dtm.engine");
  private final ListAppender<ILoggingEvent> written = new ListAppender<>();

  @BeforeEach
  void listen() {
    written.start();
    log.addAppender(written);
  }

  @AfterEach
  void stopListening() {
    log.detachAppender(written);
  }

  @Test
  void aParkedTransactionIsAWarningThatSaysWhyAndWhatToDo() {
    var parking = new Parking("failed attempts in a row: 3 (at most 3); branch 01 …", "a:1", NOW);

    new LoggingListener(InstantSource.fixed(NOW))
        .on(new EngineEvent.Parked(parked(parking), "http://a:1/do", "HTTP 500", parking));

    assertThat(written.list).hasSize(1);
    assertThat(written.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    assertThat(written.list.getFirst().getFormattedMessage())
        .isEqualTo(
            "order-7 saga PARKED while aborting: failed attempts in a row: 3 (at most 3); branch 01"
                + " …. It is not tried any more. Once the cause is gone: ./dtm resume order-7");
  }

  private static GlobalTransaction parked(Parking parking) {
    var definition =
        new TransactionDefinition(
            new Gid("order-7"),
            new TransactionSpec.Saga(false, Map.of()),
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "",
            "",
            NOW);
    var schedule = new Schedule(NOW, Duration.ofSeconds(10), 3, "").parked(parking);
    var progress =
        new TransactionProgress(TransactionStatus.ABORTING, 2, schedule, NOW, null, "", "");
    return new GlobalTransaction(definition, List.of(), progress);
  }
}
