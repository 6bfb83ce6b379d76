package io.dtm.testing.simulation;

import io.dtm.server.core.BranchProtocol;
import io.dtm.server.core.BranchStatus;
import io.dtm.server.core.Gid;
import io.dtm.server.core.Operation;
import io.dtm.server.core.Payload;
import io.dtm.server.core.Step;
import io.dtm.server.core.TransactionMode;
import io.dtm.server.core.TransactionOptions;
import io.dtm.server.core.TransactionSpec;
import io.dtm.server.engine.NewBranch;
import io.dtm.server.engine.TransactionRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** An order in the words of the coordinator. */
final class Requests {
  /** The name of every simulated workflow. */
  static final String WORKFLOW = "flow";

  private Requests() {}

  static TransactionRequest of(Plan.Order order) {
    boolean isSaga = order.mode() == TransactionMode.SAGA;
    var options =
        new TransactionOptions(
            order.waited(),
            order.timeout(),
            Duration.ZERO,
            order.policy(),
            isSaga ? order.retryLimit() : 0,
            order.concurrent() && !isSaga,
            Map.of());
    return new TransactionRequest(
        new Gid(order.gid()),
        spec(order),
        BranchProtocol.HTTP,
        options,
        asksBack(order) ? "http://sender/" + order.gid() : "",
        "",
        steps(order));
  }

  private static boolean asksBack(Plan.Order order) {
    return order.mode() == TransactionMode.MESSAGE || order.mode() == TransactionMode.WORKFLOW;
  }

  private static TransactionSpec spec(Plan.Order order) {
    return switch (order.mode()) {
      case SAGA -> new TransactionSpec.Saga(order.concurrent(), predecessors(order));
      case TCC -> new TransactionSpec.Tcc();
      case XA -> new TransactionSpec.Xa();
      case MESSAGE -> new TransactionSpec.Message(order.delay());
      case WORKFLOW -> new TransactionSpec.Workflow(WORKFLOW, Payload.empty());
    };
  }

  private static Map<Integer, List<Integer>> predecessors(Plan.Order order) {
    int last = order.steps().size() - 1;
    return order.ordered() && last > 0 ? Map.of(last, List.of(0)) : Map.of();
  }

  private static List<Step> steps(Plan.Order order) {
    return switch (order.mode()) {
      case SAGA -> calls(order, "/do", "/undo");
      case MESSAGE ->
          order.topic()
              ? List.of(new Step("topic://" + Node.TOPIC, "", Payload.empty()))
              : calls(order, "/do", "");
      case TCC, XA, WORKFLOW -> List.of();
    };
  }

  private static List<Step> calls(Plan.Order order, String action, String undo) {
    return IntStream.rangeClosed(1, order.steps().size())
        .mapToObj(number -> "http://participant/" + number)
        .map(url -> new Step(url + action, undo.isEmpty() ? "" : url + undo, Payload.empty()))
        .toList();
  }

  static String branchId(int step) {
    return "%02d".formatted(step + 1);
  }

  /** The two operations of a branch of TCC or XA; the finished step of a workflow. */
  static List<NewBranch> branches(Plan.Order order, int step) {
    return switch (order.mode()) {
      case TCC -> pair(step, Operation.CONFIRM, Operation.CANCEL);
      case XA -> pair(step, Operation.COMMIT, Operation.ROLLBACK);
      case WORKFLOW ->
          List.of(
              new NewBranch(
                  branchId(step),
                  Operation.ACTION,
                  "http://participant/" + (step + 1),
                  Payload.empty(),
                  BranchStatus.SUCCEEDED));
      case SAGA, MESSAGE -> List.of();
    };
  }

  private static List<NewBranch> pair(int step, Operation forward, Operation backward) {
    return List.of(open(step, forward), open(step, backward));
  }

  private static NewBranch open(int step, Operation operation) {
    return new NewBranch(
        branchId(step),
        operation,
        "http://participant/%d/%s".formatted(step + 1, operation.name()),
        Payload.empty(),
        BranchStatus.PREPARED);
  }
}
