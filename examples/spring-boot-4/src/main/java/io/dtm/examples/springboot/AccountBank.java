package io.dtm.examples.springboot;

import io.dtm.spring.BarrierTransactional;
import org.springframework.stereotype.Service;

/**
 * The bank over its accounts. The barrier keeps each call from taking effect twice, or too late.
 */
@Service
@BarrierTransactional
class AccountBank implements Bank {
  private final Accounts accounts;

  AccountBank(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public void debit(Transfer transfer) {
    accounts.take(transfer.from(), transfer.amount());
  }

  @Override
  public void undoDebit(Transfer transfer) {
    accounts.give(transfer.from(), transfer.amount());
  }

  @Override
  public void credit(Transfer transfer) {
    accounts.requireOpen(transfer.to());
    accounts.give(transfer.to(), transfer.amount());
  }

  @Override
  public void undoCredit(Transfer transfer) {
    accounts.give(transfer.to(), -transfer.amount());
  }

  @Override
  public void reserve(Transfer transfer) {
    accounts.reserve(transfer.from(), transfer.amount());
  }

  @Override
  public void spend(Transfer transfer) {
    accounts.spend(transfer.from(), transfer.amount());
  }

  @Override
  public void release(Transfer transfer) {
    accounts.release(transfer.from(), transfer.amount());
  }

  @Override
  public void expect(Transfer transfer) {
    accounts.requireOpen(transfer.to());
  }

  @Override
  public void receive(Transfer transfer) {
    accounts.give(transfer.to(), transfer.amount());
  }

  /** Nothing was done that could be undone. */
  @Override
  public void forget(Transfer transfer) {}
}
