package io.dtm.testing.store.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
import io.dtm.server.core.Payload;
import io.dtm.server.core.RetryPolicy;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Pairs of transactions that differ in everything a transaction is made of: one pair per mode. */
final class Samples {
  private static final Instant T = SettableClock.START;

  private Samples() {}

  /** Two transactions of one mode, of the same version, without a component in common. */
  record Pair(GlobalTransaction plain, GlobalTransaction full) {}

  /** A pair for each kind of {@link TransactionSpec}; fails when a kind has no pair yet. */
  static List<Pair> all() {
    var pairs =
        List.of(
            pair(
                new TransactionSpec.Saga(false, Map.of()),
                new TransactionSpec.Saga(true, Map.of(1, List.of(0), 7, List.of(1, 0, 3)))),
            pair(new TransactionSpec.Tcc(), new TransactionSpec.Tcc()),
            pair(new TransactionSpec.Xa(), new TransactionSpec.Xa()),
            pair(
                new TransactionSpec.Message(Duration.ZERO),
                new TransactionSpec.Message(Duration.ofSeconds(3, 1))),
            pair(
                new TransactionSpec.Workflow("", Payload.empty()),
                new TransactionSpec.Workflow("größe", Payload.of(new byte[] {0, -1}))));
    var covered = pairs.stream().map(p -> p.full().definition().spec().getClass()).toList();
    for (var kind : TransactionSpec.class.getPermittedSubclasses()) {
      assertThat(covered.stream().anyMatch(kind::equals))
          .as("Samples has a pair with a %s", kind.getSimpleName())
          .isTrue();
    }
    for (var pair : pairs) {
      RecordGuard.assertDifferInEveryComponent(pair.plain(), pair.full());
    }
    return pairs;
  }

  private static Pair pair(TransactionSpec plain, TransactionSpec full) {
    return new Pair(plain(plain), full(full));
  }

  private static GlobalTransaction plain(TransactionSpec spec) {
    var definition =
        new TransactionDefinition(
            new Gid("plain " + spec.mode()),
            spec,
            BranchProtocol.HTTP,
            TransactionOptions.defaults(),
            "",
            "",
            T);
    var branch =
        new Branch(
            "01",
            Operation.ACTION,
            "",
            Payload.empty(),
            new Branch.Progress(BranchStatus.PREPARED, 0, T, T, null, ""));
    var schedule = new Schedule(T, Duration.ZERO, 0, "");
    return new GlobalTransaction(
        definition,
        List.of(branch),
        new TransactionProgress(TransactionStatus.SUBMITTED, 1, schedule, T, null, "", ""));
  }

  private static GlobalTransaction full(TransactionSpec spec) {
    var options =
        new TransactionOptions(
            true,
            Duration.ofSeconds(86_400, 1),
            Duration.ofMillis(1_500),
            new RetryPolicy(
                Duration.ofNanos(7),
                RetryPolicy.FACTOR_MAX,
                Duration.ofSeconds(90, 9),
                Integer.MAX_VALUE,
                Duration.ofDays(100_000)),
            Integer.MAX_VALUE,
            true,
            Map.of("x-tenant", "köln", "x-empty", "", "Authorization", "Bearer …"));
    var definition =
        new TransactionDefinition(
            new Gid("full-größe;/東京🚀 " + spec.mode()),
            spec,
            BranchProtocol.GRPC,
            options,
            "grpc://host:1/busi.Busi/QueryPrepared?a=b",
            "{\"orders\":{\"1\":[0]},\"concurrent\":true}\n",
            Instant.parse("1969-12-31T23:59:59.000000001Z"));
    var branch =
        new Branch(
            "02-01",
            new Operation("a workflow's own name"),
            "http://größe/do?x=%20",
            Payload.of(new byte[] {0, -1, 127, -128, 10}),
            new Branch.Progress(
                BranchStatus.FAILED,
                Integer.MAX_VALUE,
                T.minusSeconds(5),
                T.plusNanos(1),
                T.plusSeconds(3),
                "HTTP 409: no money 💸\n"));
    var parking = new Parking("no progress for 9 s; größe 🚀", "größe:8080", T.plusNanos(5));
    var schedule =
        new Schedule(parking.dueAt(), Duration.ofMillis(1), 12, "node-1", T.plusMillis(3), parking);
    var progress =
        new TransactionProgress(
            TransactionStatus.FAILED,
            2,
            schedule,
            T.plusMillis(1),
            T.plusSeconds(9),
            "refused\u0000 by ✗",
            "{\"ok\":true}");
    return new GlobalTransaction(definition, List.of(branch), progress);
  }
}
