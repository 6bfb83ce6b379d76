package io.dtm.server.store.kit;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.core.TransactionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Transactions as servers of the first format knew them: every mode in every status it can have,
 * each once as plain and once as full as can be. Their records are in {@code first-format.txt},
 * written by such a server. Nothing here may ever change.
 */
final class FirstFormatSamples {
  private static final Instant T = Instant.parse("2026-01-01T00:00:00.123456Z");

  private static final List<TransactionSpec> SPECS =
      List.of(
          new TransactionSpec.Saga(true, Map.of(1, List.of(0))),
          new TransactionSpec.Tcc(),
          new TransactionSpec.Xa(),
          new TransactionSpec.Message(Duration.ofSeconds(3)),
          new TransactionSpec.Workflow("größe", Payload.of(new byte[] {0, -1})));

  private FirstFormatSamples() {}

  static List<GlobalTransaction> all() {
    var samples = new ArrayList<GlobalTransaction>();
    for (var spec : SPECS) {
      for (var status : TransactionStatus.values()) {
        samples.add(plain(spec, status));
        samples.add(full(spec, status));
      }
    }
    return samples;
  }

  private static GlobalTransaction plain(TransactionSpec spec, TransactionStatus status) {
    var gid = new Gid("plain-%s-%s".formatted(Words.of(spec.mode()), Words.of(status)));
    var definition =
        new TransactionDefinition(
            gid, spec, BranchProtocol.HTTP, TransactionOptions.defaults(), "", "", T);
    var branches =
        List.of(
            Branch.planned("01", Operation.COMPENSATE, "http://a/undo", Payload.ofText("1"), T),
            Branch.planned("01", Operation.ACTION, "http://a/do", Payload.ofText("1"), T));
    var schedule = new Schedule(T.plusSeconds(10), Duration.ofSeconds(10), 0, "");
    var finishedAt = status.isFinal() ? T.plusMillis(7) : null;
    return new GlobalTransaction(
        definition, branches, new TransactionProgress(status, 1, schedule, T, finishedAt, "", ""));
  }

  private static GlobalTransaction full(TransactionSpec spec, TransactionStatus status) {
    var options =
        new TransactionOptions(
            true,
            Duration.ofSeconds(86_400, 1),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(7),
            12,
            true,
            Map.of("x-tenant", "köln"));
    var gid = new Gid("full-größe/🚀-%s-%s".formatted(Words.of(spec.mode()), Words.of(status)));
    var definition =
        new TransactionDefinition(
            gid,
            spec,
            BranchProtocol.GRPC,
            options,
            "host:1/busi.Busi/QueryPrepared",
            "{\"orders\":{\"1\":[0]},\"concurrent\":true}",
            T);
    var schedule = new Schedule(T.plusSeconds(600), Duration.ofSeconds(160), 4, "node-1");
    var finishedAt = status.isFinal() ? T.plusSeconds(9) : null;
    return new GlobalTransaction(
        definition,
        List.of(
            refused(Branch.planned("01", Operation.ACTION, "host:2/a.B/Do", payload(), T)),
            succeeded(Branch.planned("01", new Operation("own name"), "", payload(), T)),
            failing(Branch.planned("02-01", Operation.CANCEL, "http://b", Payload.empty(), T)),
            Branch.planned("03", Operation.CHECK_BACK, "http://c", payload(), T.plusSeconds(1))),
        new TransactionProgress(
            status, 9, schedule, T.plusSeconds(8), finishedAt, "refused by ✗", "{\"ok\":true}"));
  }

  private static Payload payload() {
    return Payload.of(new byte[] {0, -1, 127, -128, 10});
  }

  private static Branch refused(Branch branch) {
    return branch.withProgress(branch.progress().refused("no money 💸", T.plusSeconds(2)));
  }

  private static Branch succeeded(Branch branch) {
    return branch.withProgress(branch.progress().succeeded(T.plusSeconds(3)));
  }

  private static Branch failing(Branch branch) {
    var once = branch.progress().unclear("HTTP 500", T.plusSeconds(4));
    return branch.withProgress(once.unclear("HTTP 503: busy", T.plusSeconds(5)));
  }
}
