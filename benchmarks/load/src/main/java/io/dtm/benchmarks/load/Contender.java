package io.dtm.benchmarks.load;

import io.dtm.testing.databases.DatabaseServer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A server under load, and what can be told of its costs. Closing it ends what it started. */
final class Contender implements AutoCloseable {
  private final String name;
  private final Where where;
  private final Optional<DatabaseServer> database;
  private final @Nullable AllocationMeter allocations;
  private final double roundTripNanos;

  /** In the order of their beginning. */
  private final Deque<AutoCloseable> owned;

  /**
   * Where it is reached.
   *
   * @param processes empty where they are not on this machine
   */
  private record Where(Address http, Address grpc, Processes processes) {}

  /** The processes of a server and of its database, each when that is on this machine. */
  record Processes(OptionalLong server, OptionalLong database) {}

  private Contender(
      String name,
      Where where,
      Optional<DatabaseServer> database,
      @Nullable AllocationMeter allocations,
      double roundTripNanos,
      Deque<AutoCloseable> owned) {
    this.name = name;
    this.where = where;
    this.database = database;
    this.allocations = allocations;
    this.roundTripNanos = roundTripNanos;
    this.owned = owned;
  }

  /**
   * Starts a server of this checkout over a fresh store.
   *
   * @param folder for its log, and for the embedded store
   */
  static Contender started(ServerStore.Kind kind, List<String> javaOptions, Path folder)
      throws InterruptedException {
    var owned = new ArrayDeque<AutoCloseable>();
    try {
      var store = ServerStore.open(kind, folder.resolve("data"));
      owned.push(store);
      var server = StartedServer.start(store.url(), javaOptions, folder.resolve("server.log"));
      owned.push(server);
      return new Contender(
          "this, " + kind,
          new Where(
              server.http(),
              server.grpc(),
              new Processes(OptionalLong.of(server.pid()), pid(store.database()))),
          store.database(),
          meter(server.pid(), owned),
          RoundTrip.medianNanos(server.http()),
          owned);
    } catch (RuntimeException | InterruptedException e) {
      closeAll(owned);
      throw e;
    }
  }

  private static OptionalLong pid(Optional<DatabaseServer> database) {
    return database.isPresent() ? OptionalLong.of(database.get().pid()) : OptionalLong.empty();
  }

  /** A server that runs already. */
  static Contender running(Address http, Address grpc, Processes processes) {
    if (!RoundTrip.answers(http)) {
      throw new IllegalArgumentException(
          "http://%s: no answer to GET /api/ping (expected: a running server)".formatted(http));
    }
    var owned = new ArrayDeque<AutoCloseable>();
    var server = processes.server();
    var allocations = server.isPresent() ? meter(server.getAsLong(), owned) : null;
    return new Contender(
        http.toString(),
        new Where(http, grpc, processes),
        Optional.empty(),
        allocations,
        RoundTrip.medianNanos(http),
        owned);
  }

  private static @Nullable AllocationMeter meter(long pid, Deque<AutoCloseable> owned) {
    var meter = AllocationMeter.of(pid).orElse(null);
    if (meter != null) {
      owned.push(meter);
    }
    return meter;
  }

  String name() {
    return name;
  }

  Address address(Wire wire) {
    return switch (wire) {
      case HTTP -> where.http();
      case GRPC -> where.grpc();
    };
  }

  /** One message to the idle server and back. */
  double roundTripNanos() {
    return roundTripNanos;
  }

  /** What it has cost so far, the asking included, which is little and outside of the load. */
  Cost cost() {
    return new Cost(
        serverCpuSeconds(),
        allocations == null ? Double.NaN : allocations.bytes(),
        databaseCpuSeconds(),
        durableCommits(),
        MachineUsage.now().diskFlushes());
  }

  double serverCpuSeconds() {
    return cpuSeconds(where.processes().server());
  }

  double databaseCpuSeconds() {
    return cpuSeconds(where.processes().database());
  }

  private static double cpuSeconds(OptionalLong process) {
    return process.isPresent() ? ProcessUsage.treeCpuSeconds(process.getAsLong()) : Double.NaN;
  }

  /** Not a number when its process is not known. */
  double residentMib() {
    var server = where.processes().server();
    return server.isPresent() ? ProcessUsage.residentMib(server.getAsLong()) : Double.NaN;
  }

  private double durableCommits() {
    var commits = database.map(DatabaseServer::durableCommits).orElse(OptionalLong.empty());
    return commits.isPresent() ? commits.getAsLong() : Double.NaN;
  }

  @Override
  public void close() {
    closeAll(owned);
  }

  private static void closeAll(Deque<AutoCloseable> owned) {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException("not closed", e);
      }
    }
  }
}
