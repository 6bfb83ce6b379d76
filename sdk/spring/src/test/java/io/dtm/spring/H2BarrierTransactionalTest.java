package io.dtm.spring;

class H2BarrierTransactionalTest extends BarrierTransactionalContract {
  H2BarrierTransactionalTest() {
    super(TestDatabase.H2);
  }
}
