package io.dtm.server.engine;

import io.dtm.server.core.Branch;
import io.dtm.server.core.GlobalTransaction;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Schedule;
import io.dtm.server.core.Step;
import io.dtm.server.core.TopicDirectory;
import io.dtm.server.core.TransactionDefinition;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionProgress;
import io.dtm.server.core.TransactionStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes a transaction of what a client asks for. */
final class TransactionPlanner {
  /** Most branches of one transaction, each operation counted: a step of a saga has two. */
  static final int BRANCHES_MAX = 20_000;

  private static final String TOPIC_PREFIX = "topic://";

  private final RetryRule retryRule;
  private final TopicDirectory topics;

  TransactionPlanner(RetryRule retryRule, TopicDirectory topics) {
    this.retryRule = retryRule;
    this.topics = topics;
  }

  /** What came of planning. */
  sealed interface Plan {
    /** The first version of the transaction, due after its first pause, nobody at work. */
    record Ready(GlobalTransaction transaction) implements Plan {}

    /** The message names a topic without subscribers: there is nobody to deliver it to. */
    record UnknownTopic(String topic) implements Plan {}

    /** More than {@link #BRANCHES_MAX}. */
    record TooManyBranches() implements Plan {}
  }

  Plan plan(TransactionRequest request, TransactionStatus status, Instant now) {
    var targets = new ArrayList<List<String>>();
    if (request.spec().mode() == TransactionMode.MESSAGE) {
      for (var step : request.steps()) {
        var addresses = addresses(step.action());
        if (addresses.isEmpty()) {
          return new Plan.UnknownTopic(step.action().substring(TOPIC_PREFIX.length()));
        }
        targets.add(addresses);
      }
    }
    if (Math.max(targets.stream().mapToInt(List::size).sum(), 2 * request.steps().size())
        > BRANCHES_MAX) {
      return new Plan.TooManyBranches();
    }
    return new Plan.Ready(transaction(request, status, branches(request, targets, now), now));
  }

  private GlobalTransaction transaction(
      TransactionRequest request, TransactionStatus status, List<Branch> branches, Instant now) {
    var definition =
        new TransactionDefinition(
            request.gid(),
            request.spec(),
            request.protocol(),
            request.options(),
            request.checkBackUrl(),
            request.customData(),
            now);
    var interval = retryRule.firstInterval(request.options());
    var schedule = new Schedule(now.plus(interval), interval, 0, "");
    var progress = new TransactionProgress(status, 1, schedule, now, null, "", "");
    return new GlobalTransaction(definition, branches, progress);
  }

  private static List<Branch> branches(
      TransactionRequest request, List<List<String>> targets, Instant now) {
    return switch (request.spec().mode()) {
      case SAGA -> SagaSteps.plan(request.steps(), now);
      case MESSAGE -> messageBranches(request.steps(), targets, now);
      case TCC, XA, WORKFLOW -> List.of();
    };
  }

  /** Where a step of a message goes: its own address, or those of a topic's subscribers. */
  private List<String> addresses(String action) {
    return action.startsWith(TOPIC_PREFIX)
        ? topics.subscribers(action.substring(TOPIC_PREFIX.length()))
        : List.of(action);
  }

  /** One branch for each step, or one for each subscriber where a topic has several. */
  private static List<Branch> messageBranches(
      List<Step> steps, List<List<String>> targets, Instant now) {
    var planned = new ArrayList<Branch>();
    for (int i = 0; i < steps.size(); i++) {
      var addresses = targets.get(i);
      var id = "%02d".formatted(i + 1);
      for (int j = 0; j < addresses.size(); j++) {
        var branchId = addresses.size() == 1 ? id : "%s-%02d".formatted(id, j + 1);
        planned.add(
            Branch.planned(
                branchId, Operation.ACTION, addresses.get(j), steps.get(i).payload(), now));
      }
    }
    return planned;
  }
}
