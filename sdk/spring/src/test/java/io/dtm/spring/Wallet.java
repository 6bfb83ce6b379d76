package io.dtm.spring;

/** Takes part in TCC, and in sagas by a step that has nothing to undo. */
@Participant(value = "wallet", service = "bank")
interface Wallet {
  @SagaAction(compensated = false)
  void check(Order order);

  @TccTry("hold")
  void tryToHold(Order order);

  @TccConfirm("hold")
  void pay(Order order);

  @TccCancel("hold")
  void letGo(Order order);
}
