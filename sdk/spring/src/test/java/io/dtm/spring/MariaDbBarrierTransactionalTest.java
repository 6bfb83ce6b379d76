package io.dtm.spring;

class MariaDbBarrierTransactionalTest extends BarrierTransactionalContract {
  MariaDbBarrierTransactionalTest() {
    super(TestDatabase.MARIADB);
  }
}
