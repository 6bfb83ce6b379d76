package io.dtm.spring;

// page: begin
@Participant(value = "ledger", service = "bank")
public interface Ledger {
  @XaAction
  int charge(Order order);
}
// page: end
