package io.dtm.examples.springboot;

import io.dtm.client.TransactionResult;
import io.dtm.workflow.WorkflowResult;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Where people ask for transfers, and look at accounts. */
@RestController
class TransferController {
  private final Transfers transfers;
  private final Accounts accounts;

  /**
   * What came of a transfer.
   *
   * @param outcome in words
   */
  record Answer(String gid, String outcome) {
    static Answer of(TransactionResult result) {
      String outcome =
          result.fold(
              accepted -> "on its way",
              succeeded -> "transferred",
              rolledBack -> "undone, because " + rolledBack.reason(),
              pending -> "not decided yet");
      return new Answer(result.gid(), outcome);
    }

    static Answer of(WorkflowResult<?> result) {
      String outcome =
          result.fold(
              succeeded -> "transferred",
              rolledBack -> "undone, because " + rolledBack.reason(),
              pending -> "not decided yet");
      return new Answer(result.gid(), outcome);
    }
  }

  TransferController(Transfers transfers, Accounts accounts) {
    this.transfers = transfers;
    this.accounts = accounts;
  }

  @PostMapping("/transfers/{mode}")
  Answer transfer(@PathVariable String mode, @RequestBody Transfer transfer) {
    return switch (mode) {
      case "saga" -> Answer.of(transfers.bySaga(transfer));
      case "tcc" -> Answer.of(transfers.byTcc(transfer));
      case "message" -> Answer.of(transfers.byMessage(transfer));
      case "workflow" -> Answer.of(transfers.byWorkflow(transfer));
      case "xa" -> Answer.of(transfers.byXa(transfer));
      default ->
          throw new ResponseStatusException(
              HttpStatus.NOT_FOUND,
              "mode: '%s' (expected: saga, tcc, message, workflow or xa)".formatted(mode));
    };
  }

  @GetMapping("/accounts")
  Map<String, Long> accounts() {
    return accounts.balances();
  }
}
