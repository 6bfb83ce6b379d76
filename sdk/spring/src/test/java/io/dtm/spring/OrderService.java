package io.dtm.spring;

import io.dtm.client.TransactionClient;
import io.dtm.client.TransactionResult;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Who begins transactions. */
class OrderService {
  private final TransactionClient client;
  private final Participants participants;
  private final TransactionalMessages messages;
  private final JdbcTemplate jdbc;

  OrderService(
      TransactionClient client,
      Participants participants,
      TransactionalMessages messages,
      DataSource dataSource) {
    this.client = client;
    this.participants = participants;
    this.messages = messages;
    this.jdbc = new JdbcTemplate(dataSource);
  }

  // page: begin
  public TransactionResult buy(Order order) {
    var saga = client.saga().waitForResult();
    participants.in(saga, Stock.class).deduct(order);
    participants.in(saga, Wallet.class).check(order);
    return saga.submit();
  }

  // page: end

  // page: begin
  public TransactionResult book(Order order) {
    return client
        .tcc()
        .waitForResult()
        .run(branches -> {
          var reservation = participants.in(branches, Stock.class).reserve(order);
          participants.in(branches, Wallet.class).tryToHold(order);
          jdbc.update("INSERT INTO note VALUES (?)", reservation.left() + " left");
        });
  }

  // page: end

  public TransactionResult charge(Order order, Runnable then) {
    return client
        .xa()
        .waitForResult()
        .run(branches -> {
          var charged = participants.in(branches, Ledger.class).charge(order);
          if (charged != order.count()) {
            throw new IllegalStateException("charged: " + charged);
          }
          then.run();
        });
  }

  // page: begin
  @Transactional
  public void sendBack(Order order) {
    var message = client.message();
    participants.in(message, Stock.class).replenish(order);
    messages.submitAfterCommit(message);

    jdbc.update("INSERT INTO note VALUES (?)", order.item() + " sent back");
  }

  // page: end

  /** The same with something between the message and the commit. */
  @Transactional
  public void sendBack(String gid, Order order, Runnable last) {
    var message = client.message(gid);
    participants.in(message, Stock.class).replenish(order);
    messages.submitAfterCommit(message);
    jdbc.update("INSERT INTO note VALUES (?)", order.item() + " sent back");
    last.run();
  }

  /** The same, of which a part may be undone before the commit. */
  @Transactional(propagation = Propagation.NESTED)
  public void sendBackNested(String gid, Order order, Runnable last) {
    sendBack(gid, order, last);
  }

  /** The same with a transaction of the message's own. */
  public TransactionResult sendBackAtOnce(String gid, Order order, Runnable last) {
    var message = client.message(gid).waitForResult();
    participants.in(message, Stock.class).replenish(order);
    return messages.doAndSubmit(
        message,
        () -> {
          jdbc.update("INSERT INTO note VALUES (?)", order.item() + " sent back");
          last.run();
        });
  }

  @Transactional
  public TransactionResult sendBackInside(String gid, Order order) {
    return sendBackAtOnce(gid, order, () -> {});
  }
}
