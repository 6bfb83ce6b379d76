package io.dtm.server.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dtm.server.core.StoreUnavailable;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What is said when a database cannot be opened: enough to find the fault, and no secret. */
final class DatabaseUnreachableTest {
  private static final String SECRET = "xyzzy-4711";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void endListening() {
    root.detachAppender(log);
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mariadb://127.0.0.1:1/dtm?sslMode=disable",
    "jdbc:postgresql://127.0.0.1:1/dtm",
    "jdbc:sqlserver://127.0.0.1:1;databaseName=dtm"
  })
  void aServerThatIsNotThereIsNamedInTime(String url) {
    var before = System.nanoTime();

    var failure = openingFails(url);

    assertThat(failure).hasMessageContaining("127.0.0.1:1").hasMessageContaining("no connection");
    assertThat(Duration.ofNanos(System.nanoTime() - before))
        .isLessThan(CONNECT_TIMEOUT.multipliedBy(15));
  }

  @ParameterizedTest
  @EnumSource
  void aWrongPasswordIsSaidAndNotShown(TestDatabase kind) throws Exception {
    var url = kind.newDatabase();
    var user = "user_" + url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    var strict =
        switch (kind) {
          case MARIADB -> {
            TestDatabase.execute(url, "CREATE USER %s IDENTIFIED BY 'other'".formatted(user));
            yield url.replace("user=root&password=&", "");
          }
          // Its server believes everybody: an unknown name is the nearest thing.
          case POSTGRESQL -> url.replace("user=postgres&", "");
        };

    var failure = openingFails(strict, user);

    assertThat(failure)
        .hasMessageContaining(user)
        .hasMessageMatching(".*(Access denied|does not exist).*");
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownDatabaseIsNamed(TestDatabase kind) {
    var url = kind.newDatabase().replaceFirst("/dtm\\d+\\?", "/nowhere?");

    assertThat(openingFails(url, "")).hasMessageContaining("nowhere");
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotGetBetterIsNotTriedAgain(TestDatabase kind) {
    var url = kind.newDatabase().replaceFirst("/dtm\\d+\\?", "/nowhere?");
    var patient = Duration.ofMinutes(2);
    var config = JdbcStoreConfig.defaults(url, "", "").withTimeouts(patient, patient);
    var before = System.nanoTime();

    assertThatThrownBy(() -> JdbcTransactionStore.open(config))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("refused");
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(patient.dividedBy(2));
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:mariadb://nowhere.invalid:1/dtm?sslMode=disable",
    "jdbc:postgresql://nowhere.invalid:1/dtm"
  })
  void anUnknownHostIsSaidInWords(String url) {
    assertThat(openingFails(url))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("host nowhere.invalid is not known on this machine");
  }

  @Test
  void aUrlOfPostgreSqlForTheServerOfAnotherKindSaysWhatWasExpected() {
    var place = TestDatabase.MARIADB.newDatabase().replaceFirst("\\?.*", "");

    assertThat(openingFails(place.replace("mariadb", "postgresql")))
        .isInstanceOf(DatabaseUnusable.class)
        .hasMessageContaining("(expected: PostgreSQL)");
  }

  @Test
  void aUrlOfMariaDbForTheServerOfAnotherKindSaysWhatWasExpected() {
    var place = TestDatabase.POSTGRESQL.newDatabase().replaceFirst("\\?.*", "");

    assertThat(openingFails(place.replace("postgresql", "mariadb") + "?sslMode=disable"))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("(expected: a server of the MySQL family)");
  }

  private RuntimeException openingFails(String url) {
    return openingFails(url, "somebody");
  }

  private RuntimeException openingFails(String url, String user) {
    var config =
        JdbcStoreConfig.defaults(url, user, user.isEmpty() ? "" : SECRET)
            .withTimeouts(CONNECT_TIMEOUT, Duration.ofSeconds(1));

    var failure =
        catchThrowableOfType(
            RuntimeException.class, () -> JdbcTransactionStore.open(config).close());

    assertThat(failure).isNotNull().hasMessageStartingWith(config.describe() + ": ");
    assertThat(messages(failure)).doesNotContain(SECRET);
    assertThat(log.list.stream().map(DatabaseUnreachableTest::text))
        .noneMatch(line -> line.contains(SECRET));
    return failure;
  }

  private static String messages(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .map(Throwable::toString)
        .collect(Collectors.joining("\n"));
  }

  private static String text(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    return event.getFormattedMessage() + (thrown == null ? "" : "\n" + thrown.getMessage());
  }
}
