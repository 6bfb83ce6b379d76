package io.dtm.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.testing.databases.MariaDbServer;
import io.dtm.testing.databases.PostgreSqlServer;
import io.dtm.testing.databases.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures in one run what hardly depends on the machine, and holds it against {@code
 * benchmarks/gate.properties}.
 */
@Timeout(180)
class GateIT {
  private static final String DATABASE = "dtm";
  private static final int CLIENTS = 32;
  private static final int TURNS = 5;
  private static final int ALONE = 100;
  private static final int ALONE_WARM_UP = 10;
  private static final Duration WARM_UP = Duration.ofMillis(1_200);
  private static final Duration TURN = Duration.ofMillis(300);
  private static final Duration TOGETHER = Duration.ofMillis(500);

  @TempDir Path folder;

  private final Watched watched = new Watched();
  private final Map<Figure, Double> measured = new EnumMap<>(Figure.class);
  @AutoClose private final Participant participant;

  GateIT() throws IOException {
    participant = new Participant(watched);
  }

  @Test
  void aSagaCostsNoMoreThanItDid() throws Exception {
    var limits = Limits.ofThisCheckout();
    var mariaDb = CompletableFuture.supplyAsync(MariaDbServer::start);
    var postgreSql = CompletableFuture.supplyAsync(GateIT::startPostgreSql);
    var redis = CompletableFuture.supplyAsync(RedisServer::start);

    try (var mysql = mariaDb.join();
        var postgres = postgreSql.join();
        var other = redis.join()) {
      measureStoresOfThisProcess();
      measureMariaDb(mysql);
      measurePostgreSql(postgres);
      measureRedis(other);
    }

    System.out.println(limits.table(measured));
    assertThat(limits.complaints(measured)).isEmpty();
  }

  private static PostgreSqlServer startPostgreSql() {
    return PostgreSqlServer.start(List.of("--shared_preload_libraries=pg_stat_statements"));
  }

  private void measureStoresOfThisProcess() throws Exception {
    try (var memory = MeasuredServer.start("memory:", watched, participant);
        var embedded = MeasuredServer.start("rocksdb:" + folder, watched, participant)) {
      memory.load().during(WARM_UP, CLIENTS);
      embedded.load().during(WARM_UP, CLIENTS);
      long calls = participant.calls();
      var turns = IntStream.range(0, TURNS).mapToObj(i -> turn(memory, embedded)).toList();
      var inMemory = turns.stream().map(Turn::memory).reduce(Load.Done::plus).orElseThrow();
      var inEmbedded = turns.stream().map(Turn::embedded).reduce(Load.Done::plus).orElseThrow();
      long sagas = inMemory.sagas() + inEmbedded.sagas();
      measured.put(
          Figure.EMBEDDED_SHARE_OF_MEMORY_RATE,
          median(turns.stream().mapToDouble(Turn::embeddedShare)));
      measured.put(Figure.MEMORY_ALLOCATED_BYTES, inMemory.allocatedBytesEach());
      measured.put(Figure.EMBEDDED_ALLOCATED_BYTES, inEmbedded.allocatedBytesEach());
      measured.put(Figure.BRANCH_CALLS, (double) (participant.calls() - calls) / sagas);
    }
  }

  /** Both stores one after the other, so that what else the machine does is the same for both. */
  private record Turn(Load.Done memory, Load.Done embedded) {
    double embeddedShare() {
      return embedded.perSecond() / memory.perSecond();
    }
  }

  private static Turn turn(MeasuredServer memory, MeasuredServer embedded) {
    try {
      return new Turn(memory.load().during(TURN, CLIENTS), embedded.load().during(TURN, CLIENTS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double median(DoubleStream values) {
    return values.sorted().skip(TURNS / 2).findFirst().orElseThrow();
  }

  private void measureMariaDb(MariaDbServer database) throws Exception {
    database.createDatabase(DATABASE);
    var url =
        "mysql://root@%s:%d/%s?sslMode=disable"
            .formatted(database.host(), database.port(), DATABASE);
    try (var counters = DatabaseCounters.MariaDb.of(database.jdbcUrl(DATABASE));
        var server = MeasuredServer.start(url, watched, participant)) {
      var alone = alone(server, counters);
      measured.put(Figure.MYSQL_STATEMENTS_ALONE, alone.statements());
      measured.put(Figure.MYSQL_COMMITS_ALONE, alone.commits());
      var together = together(server, counters);
      measured.put(Figure.MYSQL_COMMITS_TOGETHER, together.commits());
      measured.put(Figure.MYSQL_BYTES_TOGETHER, together.bytes());
    }
  }

  private void measurePostgreSql(PostgreSqlServer database) throws Exception {
    database.createDatabase(DATABASE);
    var url =
        "postgres://postgres@%s:%d/%s?sslmode=disable"
            .formatted(database.host(), database.port(), DATABASE);
    try (var counters = DatabaseCounters.PostgreSql.of(database.jdbcUrl(DATABASE));
        var server = MeasuredServer.start(url, watched, participant)) {
      var alone = alone(server, counters);
      measured.put(Figure.POSTGRES_STATEMENTS_ALONE, alone.statements());
      measured.put(Figure.POSTGRES_COMMITS_ALONE, alone.commits());
      measured.put(Figure.POSTGRES_COMMITS_TOGETHER, together(server, counters).commits());
    }
  }

  /** What one saga has cost a database. */
  private record Cost(double statements, double commits, double bytes) {
    static Cost of(DatabaseCounters.Counts counts, Load.Done done) {
      double sagas = done.sagas();
      return new Cost(
          counts.statements() / sagas, counts.commits() / sagas, counts.bytes() / sagas);
    }
  }

  private static Cost alone(MeasuredServer server, DatabaseCounters counters) throws Exception {
    server.load().inARow(ALONE_WARM_UP);
    var before = counters.look();
    var done = server.load().inARow(ALONE);
    return Cost.of(counters.look().minus(before), done);
  }

  private static Cost together(MeasuredServer server, DatabaseCounters counters) throws Exception {
    server.load().during(TOGETHER, CLIENTS);
    var before = counters.look();
    var done = server.load().during(TOGETHER, CLIENTS);
    return Cost.of(counters.look().minus(before), done);
  }

  private void measureRedis(RedisServer database) throws Exception {
    try (var server = MeasuredServer.start(database.uri(), watched, participant)) {
      var counters = new RedisCounters(database.host(), database.port());
      server.load().inARow(ALONE_WARM_UP);
      long before = counters.scripts();
      var done = server.load().inARow(ALONE);
      measured.put(
          Figure.REDIS_COMMANDS_ALONE, (double) (counters.scripts() - before) / done.sagas());
    }
  }
}
