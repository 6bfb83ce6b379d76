package io.dtm.examples.springboot;

import io.dtm.spring.Compensate;
import io.dtm.spring.MessageAction;
import io.dtm.spring.Participant;
import io.dtm.spring.SagaAction;
import io.dtm.spring.TccCancel;
import io.dtm.spring.TccConfirm;
import io.dtm.spring.TccTry;

/**
 * What a bank does in transactions. Whoever calls it shares this interface; addresses are made of
 * it.
 */
@Participant("bank")
public interface Bank {
  @SagaAction
  void debit(Transfer transfer);

  @Compensate("debit")
  void undoDebit(Transfer transfer);

  @SagaAction
  @MessageAction
  void credit(Transfer transfer);

  @Compensate("credit")
  void undoCredit(Transfer transfer);

  @TccTry
  void reserve(Transfer transfer);

  @TccConfirm("reserve")
  void spend(Transfer transfer);

  @TccCancel("reserve")
  void release(Transfer transfer);

  @TccTry
  void expect(Transfer transfer);

  @TccConfirm("expect")
  void receive(Transfer transfer);

  @TccCancel("expect")
  void forget(Transfer transfer);
}
