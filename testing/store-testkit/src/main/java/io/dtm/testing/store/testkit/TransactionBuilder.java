package io.dtm.testing.store.testkit;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Parking;
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
import org.jspecify.annotations.Nullable;

/**
 * Builds transactions for tests, in the words of the domain: {@code
 * aSaga("a").step("debit").build()}. Unless told otherwise, one was created at {@link
 * SettableClock#START}, is submitted, in nobody's hands and due ten seconds after its creation. Not
 * thread-safe.
 */
public final class TransactionBuilder {
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final String gid;
  private final TransactionSpec spec;
  private final List<Step> steps = new ArrayList<>();
  private Payload payload = Payload.ofText("{\"amount\":30}");
  private Instant createdAt = SettableClock.START;
  private @Nullable Instant dueAt;
  private String claimedBy = "";
  private @Nullable Parking parking;
  private TransactionOptions options = TransactionOptions.defaults();
  private TransactionStatus status = TransactionStatus.SUBMITTED;
  private @Nullable Instant finishedAt;
  private String reason = "";

  private record Step(String name, Payload payload) {}

  private TransactionBuilder(String gid, TransactionSpec spec) {
    this.gid = gid;
    this.spec = spec;
  }

  public static TransactionBuilder aSaga(String gid) {
    return aTransaction(gid, new TransactionSpec.Saga(false, Map.of()));
  }

  /** One of any mode. */
  public static TransactionBuilder aTransaction(String gid, TransactionSpec spec) {
    return new TransactionBuilder(gid, spec);
  }

  /** Adds steps: {@code debit} is called at {@code http://debit/do}, undone at {@code /undo}. */
  public TransactionBuilder step(String... names) {
    for (var name : names) {
      steps.add(new Step(name, payload));
    }
    return this;
  }

  /** What the steps added from here on are called with. */
  public TransactionBuilder payload(Payload next) {
    payload = next;
    return this;
  }

  public TransactionBuilder createdAt(Instant instant) {
    createdAt = instant;
    return this;
  }

  public TransactionBuilder dueAt(Instant instant) {
    dueAt = instant;
    return this;
  }

  /** In the hands of {@code node} until then. */
  public TransactionBuilder claimedBy(String node, Instant until) {
    claimedBy = node;
    return dueAt(until);
  }

  /** No longer tried since then. */
  public TransactionBuilder parked(String why, String destination, Instant since) {
    parking = new Parking(why, destination, since);
    return this;
  }

  public TransactionBuilder options(TransactionOptions next) {
    options = next;
    return this;
  }

  public TransactionBuilder status(TransactionStatus next) {
    status = next;
    return this;
  }

  /** Ended then, one way or the other. */
  public TransactionBuilder finished(TransactionStatus next, Instant at) {
    finishedAt = at;
    return status(next);
  }

  public TransactionBuilder rollbackReason(String text) {
    reason = text;
    return this;
  }

  public GlobalTransaction build() {
    var definition =
        new TransactionDefinition(
            new Gid(gid), spec, BranchProtocol.HTTP, options, "", "", createdAt);
    var going =
        new Schedule(dueAt == null ? createdAt.plus(INTERVAL) : dueAt, INTERVAL, 0, claimedBy);
    var schedule = parking == null ? going : going.parked(parking);
    var endedAt = status.isFinal() ? (finishedAt == null ? createdAt : finishedAt) : null;
    var progress = new TransactionProgress(status, 1, schedule, createdAt, endedAt, reason, "");
    return new GlobalTransaction(definition, branches(), progress);
  }

  private List<Branch> branches() {
    var branches = new ArrayList<Branch>();
    for (int i = 0; i < steps.size(); i++) {
      var id = "%02d".formatted(i + 1);
      var step = steps.get(i);
      branches.add(branch(id, Operation.COMPENSATE, step, "undo"));
      branches.add(branch(id, Operation.ACTION, step, "do"));
    }
    return branches;
  }

  private Branch branch(String id, Operation operation, Step step, String verb) {
    var url = "http://%s/%s".formatted(step.name(), verb);
    return Branch.planned(id, operation, url, step.payload(), createdAt);
  }
}
