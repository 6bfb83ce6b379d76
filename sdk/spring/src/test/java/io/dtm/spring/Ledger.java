package io.dtm.spring;

// docs: xa
@Participant(value = "ledger", service = "bank")
public interface Ledger {
  @XaAction
  int charge(Order order);
}
// docs: end
