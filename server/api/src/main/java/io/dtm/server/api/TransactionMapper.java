package io.dtm.server.api;

import io.dtm.protocol.BranchJson;
import io.dtm.protocol.KeyValueJson;
import io.dtm.protocol.OptionsJson;
import io.dtm.protocol.QueryJson;
import io.dtm.protocol.TransactionJson;
import io.dtm.protocol.WorkflowJson;
import io.dtm.server.core.Branch;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.KeyValueStore;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionStatus;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows what is stored in the shapes of the wire. Thread-safe. */
final class TransactionMapper {
  private final Replies replies;
  private final DateTimeFormatter times;

  TransactionMapper(Replies replies, ZoneId zone) {
    this.replies = replies;
    this.times = DateTimeFormatter.ISO_OFFSET_DATE_TIME.withZone(zone);
  }

  QueryJson query(GlobalTransaction stored) {
    return new QueryJson(branches(stored), transaction(stored));
  }

  /** What a workflow's client needs to go on. */
  WorkflowJson workflow(GlobalTransaction stored) {
    return new WorkflowJson(branches(stored), transaction(stored));
  }

  TransactionJson transaction(GlobalTransaction stored) {
    var definition = stored.definition();
    var progress = stored.progress();
    var schedule = progress.schedule();
    var parking = schedule.parking();
    return new TransactionJson(
        0,
        time(definition.createdAt()),
        time(progress.updatedAt()),
        definition.gid().value(),
        Words.of(stored.mode()),
        Words.of(stored.status()),
        definition.checkBackUrl(),
        Words.of(definition.protocol()),
        finished(stored, TransactionStatus.SUCCEEDED),
        finished(stored, TransactionStatus.FAILED),
        progress.result(),
        progress.rollbackReason(),
        replies.text(options(definition.options(), 0)),
        definition.customData(),
        schedule.interval().toSeconds(),
        parking == null ? time(schedule.dueAt()) : null,
        schedule.claimedBy(),
        parking == null ? null : parking.reason(),
        parking == null ? null : time(parking.since()),
        options(definition.options(), mostErrors(stored)));
  }

  KeyValueJson entry(KeyValueStore.Entry entry) {
    return new KeyValueJson(
        0,
        time(entry.createdAt()),
        time(entry.updatedAt()),
        entry.category(),
        entry.key(),
        entry.value(),
        entry.version());
  }

  private List<BranchJson> branches(GlobalTransaction stored) {
    return stored.branches().stream().map(b -> branch(stored.gid(), b)).toList();
  }

  private BranchJson branch(Gid gid, Branch branch) {
    var progress = branch.progress();
    return new BranchJson(
        0,
        time(progress.createdAt()),
        time(progress.updatedAt()),
        gid.value(),
        branch.url(),
        Base64.getEncoder().encodeToString(branch.payload().bytes()),
        branch.branchId(),
        branch.operation().name(),
        Words.of(branch.status()),
        progress.finishedAt() == null ? null : time(progress.finishedAt()));
  }

  private static OptionsJson options(TransactionOptions options, int retryCount) {
    return new OptionsJson(
        options.waitResult(),
        options.timeoutToFail().toSeconds(),
        options.requestTimeout().toSeconds(),
        options.retryInterval().toSeconds(),
        options.branchHeaders(),
        options.concurrent(),
        options.retryLimit(),
        options.retryPolicy().factor(),
        options.retryPolicy().intervalMax().toSeconds(),
        options.retryPolicy().attemptsMax(),
        options.retryPolicy().ageMax().toSeconds(),
        retryCount);
  }

  private static int mostErrors(GlobalTransaction stored) {
    return stored.branches().stream().mapToInt(b -> b.progress().errors()).max().orElse(0);
  }

  private @Nullable String finished(GlobalTransaction stored, TransactionStatus as) {
    var at = stored.progress().finishedAt();
    return at == null || stored.status() != as ? null : time(at);
  }

  private String time(Instant instant) {
    return times.format(instant);
  }
}
