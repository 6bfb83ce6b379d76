package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.Gid;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Builds transactions of every mode but saga for tests of the machines. */
final class Transactions {
  static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

  private final TransactionSpec spec;
  private final List<Branch> branches = new ArrayList<>();
  private TransactionStatus status = TransactionStatus.SUBMITTED;
  private TransactionOptions options = TransactionOptions.defaults();
  private String checkBackUrl = "http://sender/check";
  private String gid = "gid";
  private String customData = "";

  private Transactions(TransactionSpec spec) {
    this.spec = spec;
  }

  static Transactions aTcc() {
    return new Transactions(new TransactionSpec.Tcc());
  }

  static Transactions anXa() {
    return new Transactions(new TransactionSpec.Xa());
  }

  static Transactions aMessage() {
    return aMessage(Duration.ZERO);
  }

  static Transactions aMessage(Duration delay) {
    return new Transactions(new TransactionSpec.Message(delay));
  }

  static Transactions aWorkflow(String name) {
    return new Transactions(new TransactionSpec.Workflow(name, Payload.empty()));
  }

  Transactions status(TransactionStatus next) {
    status = next;
    return this;
  }

  Transactions concurrent() {
    options =
        new TransactionOptions(
            false, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0, true, Map.of());
    return this;
  }

  Transactions timeoutToFail(Duration timeout) {
    options =
        new TransactionOptions(false, timeout, Duration.ZERO, Duration.ZERO, 0, false, Map.of());
    return this;
  }

  /** Parked after so many failed attempts in a row. */
  Transactions attemptsMax(int attemptsMax) {
    var policy = new RetryPolicy(Duration.ZERO, 0, Duration.ZERO, attemptsMax, Duration.ZERO);
    options =
        new TransactionOptions(false, Duration.ZERO, Duration.ZERO, policy, 0, false, Map.of());
    return this;
  }

  Transactions gid(String next) {
    gid = next;
    return this;
  }

  Transactions customData(String text) {
    customData = text;
    return this;
  }

  Transactions checkBackUrl(String url) {
    checkBackUrl = url;
    return this;
  }

  Transactions open(Operation... operations) {
    for (var operation : operations) {
      branches.add(
          Branch.planned(
              "%02d".formatted(branches.size() + 1),
              operation,
              "http://participant/" + operation.name(),
              Payload.empty(),
              CREATED));
    }
    return this;
  }

  Transactions done(Operation... operations) {
    for (var operation : operations) {
      open(operation);
      var last = branches.removeLast();
      branches.add(last.withProgress(last.progress().succeeded(CREATED)));
    }
    return this;
  }

  GlobalTransaction build() {
    var definition =
        new TransactionDefinition(
            new Gid(gid), spec, BranchProtocol.HTTP, options, checkBackUrl, customData, CREATED);
    var schedule = new Schedule(CREATED.plusSeconds(10), Duration.ofSeconds(10), 0, "node");
    return new GlobalTransaction(
        definition,
        branches,
        new TransactionProgress(
            status, 1, schedule, CREATED, status.isFinal() ? CREATED : null, "", ""));
  }
}
