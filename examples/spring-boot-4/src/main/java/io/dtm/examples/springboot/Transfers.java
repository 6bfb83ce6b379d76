package io.dtm.examples.springboot;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import io.dtm.spring.Participants;
import io.dtm.spring.TransactionalMessages;
import org.springframework.stereotype.Service;

/** The same transfer in every mode. Each waits for its result. */
@Service
public class Transfers {
  private final TransactionClient client;
  private final Participants participants;
  private final TransactionalMessages messages;
  private final Accounts accounts;

  Transfers(
      TransactionClient client,
      Participants participants,
      TransactionalMessages messages,
      Accounts accounts) {
    this.client = client;
    this.participants = participants;
    this.messages = messages;
    this.accounts = accounts;
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
}
