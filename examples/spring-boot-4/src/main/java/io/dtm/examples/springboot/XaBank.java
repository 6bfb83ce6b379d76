package io.dtm.examples.springboot;

import io.dtm.spring.Participant;
import io.dtm.spring.XaAction;

/** What a bank does in XA transactions, in which the database itself prepares and ends the work. */
@Participant(value = "xa-bank", service = "bank")
public interface XaBank {
  @XaAction
  void debit(Transfer transfer);

  @XaAction
  void credit(Transfer transfer);
}
