package io.dtm.spring;

// page: begin
@Participant("stock")
public interface Stock {
  @SagaAction
  void deduct(Order order);

  @Compensate("deduct")
  void restore(Order order);

  @TccTry
  Reservation reserve(Order order);

  @TccConfirm("reserve")
  void ship(Order order);

  @TccCancel("reserve")
  void release(Order order);

  @MessageAction
  void replenish(Order order);
}
// page: end
