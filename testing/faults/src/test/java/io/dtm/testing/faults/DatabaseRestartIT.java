package io.dtm.testing.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.DatabaseServer;
import io.dtm.testing.databases.StoreKind;
import io.dtm.testing.databases.StorePlace;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills and freezes the database under load, and looks whether clients are told so in good time,
 * whether work resumes by itself, and whether everything acknowledged came to its end. How often it
 * is killed: the system property {@code dtm.database.kills}.
 */
class DatabaseRestartIT {
  private static final int KILLS = Integer.getInteger("dtm.database.kills", 3);
  private static final int CLIENTS = 12;

  /** So many acknowledgements show that a server is at work again. */
  private static final int SIGN_OF_LIFE = 100;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration RESUME_LIMIT = Duration.ofSeconds(30);

  /** A lease, a look for what is due, and time to work. */
  private static final Duration END_LIMIT = Duration.ofMinutes(1);

  /** Waiting for a batch before one's own, then for that, and no more than a little else. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  /** The log has each on the line of its message. */
  private static final String STACK_TRACE = " at io.dtm.";

  /** A few each second while the database is away. */
  private static final int WARNINGS_MAX = 200;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "STORE_CONNECT_TIMEOUT", Long.toString(CONNECT_TIMEOUT.toSeconds()),
          "STORE_REQUEST_TIMEOUT", Long.toString(REQUEST_TIMEOUT.toSeconds()));

  @TempDir Path folder;

  private final HttpClient client = Api.newClient();
  private final Ledger ledger = new Ledger("restart-");

  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "POSTGRES", "REDIS"})
  void aDatabaseThatComesBackNeedsNobodysHelp(StoreKind kind) throws Exception {
    long seed = System.nanoTime();
    System.out.printf("DatabaseRestartIT: %s, seed %d%n", kind, seed);
    var random = new Random(seed);
    var log = folder.resolve("server.log");
    try (var place = StorePlace.open(kind, folder.resolve("data"));
        var participant = new RecordingParticipant();
        var server = ServerProcess.start(place.url(), SETTINGS, log, client)) {
      var database = place.database().orElseThrow();
      var api = new Api(client, server.baseUrl());
      try (var clients = new PatientClients(api, server.grpcTarget(), ledger, participant)) {
        clients.start(CLIENTS, random);
        for (int kill = 0; kill < KILLS; kill++) {
          awaitWork(clients);
          database.kill();
          LockSupport.parkNanos(Duration.ofMillis(200 + random.nextInt(1500)).toNanos());
          database.startAgain();
        }
        awaitWork(clients);
        freeze(database);
        awaitWork(clients);
        clients.finish();
        ledger.awaitEnds(api, END_LIMIT, participant);

        report(kind, clients, server);
        assertThat(clients.unexpected()).isEmpty();
        assertThat(clients.troubles()).as("requests answered with 503").isPositive();
        assertThat(clients.grpcTroubles()).as("requests answered with UNAVAILABLE").isPositive();
        assertThat(clients.longestAnswer()).isLessThan(ANSWER_LIMIT);
        for (var gid : clients.abortedOverGrpc()) {
          assertThat(statusAtTheEnd(api, gid)).as(gid).isEqualTo("failed");
        }
      }
      assertThat(lines(server, " ERROR ")).as("errors in the log").isZero();
      assertThat(lines(server, STACK_TRACE)).as("stack traces in the log").isZero();
      assertThat(lines(server, " WARN ")).as("warnings in the log").isLessThan(WARNINGS_MAX);
      ledger.check(participant);
      assertThat(server.terminate(Duration.ofSeconds(15))).isIn(0, 143);
    }
  }

  /** An abort is acknowledged before its transaction has ended. */
  private static String statusAtTheEnd(Api api, String gid) throws Exception {
    var deadline = System.nanoTime() + END_LIMIT.toNanos();
    var status = api.status(gid);
    while (status.equals("aborting") && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      status = api.status(gid);
    }
    return status;
  }

  private static void freeze(DatabaseServer database) {
    database.pause();
    LockSupport.parkNanos(REQUEST_TIMEOUT.multipliedBy(2).toNanos());
    database.resume();
  }

  private static void awaitWork(PatientClients clients) {
    int wanted = clients.acknowledgements() + SIGN_OF_LIFE;
    var deadline = System.nanoTime() + RESUME_LIMIT.toNanos();
    while (clients.acknowledgements() < wanted) {
      assertThat(System.nanoTime())
          .as("no work %s after the database came back; %s", RESUME_LIMIT, clients.unexpected())
          .isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }

  private void report(StoreKind kind, PatientClients clients, ServerProcess server)
      throws Exception {
    System.out.printf(
        "DatabaseRestartIT: %s, %d begun, %d acknowledged, %d x 503, %d x UNAVAILABLE, longest"
            + " answer %d ms, log: %d lines, %d warnings, %d errors, %d stack traces%n",
        kind,
        ledger.begun(),
        ledger.acknowledged(),
        clients.troubles(),
        clients.grpcTroubles(),
        clients.longestAnswer().toMillis(),
        server.logLines().size(),
        lines(server, " WARN "),
        lines(server, " ERROR "),
        lines(server, STACK_TRACE));
  }

  private static long lines(ServerProcess server, String with) throws Exception {
    return server.logLines().stream().filter(line -> line.contains(with)).count();
  }
}
