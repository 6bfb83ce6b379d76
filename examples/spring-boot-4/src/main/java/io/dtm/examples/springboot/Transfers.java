package io.dtm.examples.springboot;

import io.dtm.client.Payload;
import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.spring.Participants;
import io.dtm.spring.TransactionalMessages;
import io.dtm.workflow.Workflow;
import io.dtm.workflow.WorkflowResult;
import io.dtm.workflow.Workflows;
import org.springframework.stereotype.Service;

/** The same transfer in every mode. Each waits for its result. */
@Service
public class Transfers {
  private final TransactionClient client;
  private final Participants participants;
  private final TransactionalMessages messages;
  private final Accounts accounts;
  private final Workflows workflows;
  private final Workflow<Transfer, Payload> workflow;

  Transfers(
      TransactionClient client,
      Participants participants,
      TransactionalMessages messages,
      Accounts accounts,
      Workflows workflows,
      Workflow<Transfer, Payload> workflow) {
    this.client = client;
    this.participants = participants;
    this.messages = messages;
    this.accounts = accounts;
    this.workflows = workflows;
    this.workflow = workflow;
  }

  /** Pays at once, and is paid back if the other account does not take it. */
  public TransactionResult bySaga(Transfer transfer) {
    var saga = client.saga().waitForResult();
    var bank = participants.in(saga, Bank.class);
    bank.debit(transfer);
    bank.credit(transfer);
    return saga.submit();
  }

  /** Reserves first, and pays once both sides have agreed. */
  public TransactionResult byTcc(Transfer transfer) {
    return client
        .tcc()
        .waitForResult()
        .run(branches -> {
          var bank = participants.in(branches, Bank.class);
          bank.reserve(transfer);
          bank.expect(transfer);
        });
  }

  /** Pays in a local transaction; the other side is told if, and only if, that commits. */
  public TransactionResult byMessage(Transfer transfer) {
    var message = client.message().waitForResult();
    participants.in(message, Bank.class).credit(transfer);
    return messages.doAndSubmit(message, () -> accounts.take(transfer.from(), transfer.amount()));
  }

  /** Both sides prepare in their databases, and commit together. */
  public TransactionResult byXa(Transfer transfer) {
    return client
        .xa()
        .waitForResult()
        .run(branches -> {
          var bank = participants.in(branches, XaBank.class);
          bank.debit(transfer);
          bank.credit(transfer);
        });
  }

  /** Step by step in a function; what was done is undone if a later step is refused. */
  public WorkflowResult<Payload> byWorkflow(Transfer transfer) {
    return workflows.execute(workflow, client.newGid(), transfer);
  }
}
